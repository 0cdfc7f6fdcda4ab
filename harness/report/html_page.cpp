#include "report/html_page.hpp"

namespace sipvet::report {

const std::string_view html_style = R"css(
:root { color-scheme: light dark; --line: #8884; --soft: #8881;
  --pass: #1a7f37; --fail: #cf222e; --error: #8250df; --unsupported: #9a6700; --skipped: #57606a; }
@media (prefers-color-scheme: dark) {
  :root { --pass: #3fb950; --fail: #f85149; --error: #bc8cff; --unsupported: #d29922; --skipped: #8b949e; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.25rem; margin-top: 2rem; } h3 { font-size: 1rem; margin-bottom: .25rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; }
th { background: var(--soft); }
code, pre { font: .875rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { background: var(--soft); padding: .6rem; overflow-x: auto; overflow-wrap: normal; margin: .25rem 0; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .4rem 0; padding: .3rem .6rem; }
summary { cursor: pointer; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .2rem 1rem; margin: .5rem 0; }
dt { opacity: .75; } dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin: 0 0 .4rem .8rem; } }
.verdict { font-weight: 600; white-space: nowrap; }
.pass { color: var(--pass); } .fail { color: var(--fail); } .error { color: var(--error); }
.unsupported { color: var(--unsupported); } .skipped { color: var(--skipped); } .none { opacity: .6; }
.finding { border-top: 1px solid var(--line); padding-top: .4rem; margin-top: .4rem; }
nav button { font: inherit; padding: .35rem .7rem; margin: 0 .3rem .3rem 0; border: 1px solid var(--line);
  border-radius: 1rem; background: none; color: inherit; cursor: pointer; }
nav button[aria-pressed=true] { background: var(--soft); border-color: currentColor; }
)css";

const std::string_view html_script = R"js(
for (const button of document.querySelectorAll('nav button')) {
  button.addEventListener('click', () => {
    const wanted = button.dataset.show;
    for (const other of document.querySelectorAll('nav button'))
      other.setAttribute('aria-pressed', String(other === button));
    for (const item of document.querySelectorAll('[data-outcome]'))
      item.hidden = wanted !== 'all' && item.dataset.outcome !== wanted;
    for (const group of document.querySelectorAll('[data-group]'))
      group.hidden = !group.querySelector('[data-outcome]:not([hidden])');
  });
}
)js";

std::string html_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&quot;";
      break;
    case '\'':
      out += "&#39;";
      break;
    default:
      out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? ' ' : c;
    }
  }
  return out;
}

} // namespace sipvet::report
