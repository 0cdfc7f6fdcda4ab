#include "report/html.hpp"

#include "report/html_page.hpp"
#include "report/sample.hpp"

#include <boost/test/unit_test.hpp>
#include <pugixml.hpp>

using namespace sipvet;
using namespace sipvet::report;

namespace {

std::string page(const std::vector<verdict::Result>& results, bool show_keys = false) {
  const auto catalogue = sample::catalogue();
  return html({results, catalogue, show_keys, "reference", "0.1.0"});
}

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t first = text.find(from);
  if (first == std::string::npos) return "(not found)";
  return text.substr(first, text.find(to, first) - first);
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(html_format)

BOOST_AUTO_TEST_CASE(head_and_filter_to_the_character) {
  const std::string text = page(sample::results());
  BOOST_TEST(between(text, "<!DOCTYPE", "<style>") ==
             "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>sipvet: "
             "reference</title>\n");
  BOOST_TEST(between(text, "<h1>", "<h2>") ==
             "<h1>sipvet: reference</h1>\n<p>sipvet 0.1.0</p>\n<nav aria-label=\"Show\">\n"
             "<button type=\"button\" data-show=\"all\" aria-pressed=\"true\"><span class=\"all\">all</span> "
             "5</button>\n"
             "<button type=\"button\" data-show=\"fail\" aria-pressed=\"false\"><span "
             "class=\"fail\">fail</span> 1</button>\n"
             "<button type=\"button\" data-show=\"error\" aria-pressed=\"false\"><span "
             "class=\"error\">error</span> 1</button>\n"
             "<button type=\"button\" data-show=\"unsupported\" aria-pressed=\"false\"><span "
             "class=\"unsupported\">unsupported</span> 1</button>\n"
             "<button type=\"button\" data-show=\"skipped\" aria-pressed=\"false\"><span "
             "class=\"skipped\">skipped</span> "
             "1</button>\n"
             "<button type=\"button\" data-show=\"pass\" aria-pressed=\"false\"><span "
             "class=\"pass\">pass</span> 1</button>\n"
             "</nav>\n");
}

BOOST_AUTO_TEST_CASE(a_failure_explains_itself_to_the_character) {
  BOOST_TEST(
      between(page(sample::results()), "<details data-outcome=\"fail\"", "<details data-outcome=\"error\"") ==
      R"(<details data-outcome="fail" open>
<summary><span class="verdict fail">fail</span> m/s[mode=a,offer=y] <small>7.0 ms</small></summary>
<div class="finding">
<strong>error: The gateway answered 200 with RTP instead of refusing the offer.</strong>
<dl>
<dt>requirement</dt><dd><code>R-1</code> An offer of RTP alone is refused with 488. <small>(MUST; A guide, Modes)</small></dd>
<dt>expected</dt><dd>488</dd>
<dt>actual</dt><dd>200 &lt;RTP/AVP&gt; &amp; more</dd>
<dt>seen by</dt><dd>the capture, frame 12</dd>
<dt>scenario</dt><dd>scenarios/m/s.yaml:20:5</dd>
<dt>what to do</dt><dd>Look at the SRTP mode.</dd>
</dl>
<div>Messages around it:</div>
<pre>server &gt; gateway  INVITE
a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:[redacted]|2^20|1:4
</pre>
</div>
<dl>
<dt>covers</dt><dd><code>R-1</code> An offer of RTP alone is refused with 488. <small>(MUST; A guide, Modes)</small></dd>
<dt>covers</dt><dd><code>R-9</code></dd>
<dt>evidence</dt><dd><a href="./evidence/m-s-1">evidence/m-s-1</a></dd>
</dl>
</details>
)");
}

BOOST_AUTO_TEST_CASE(grid_and_coverage_to_the_character) {
  const std::string text = page(sample::results());
  BOOST_TEST(between(text, "<tr><th>mode", "</table>") ==
             "<tr><th>mode \\ offer</th><th>x</th><th>y</th></tr>\n"
             "<tr><th>a</th><td><span class=\"verdict pass\">pass</span></td><td><span class=\"verdict "
             "fail\">fail</span></td></tr>\n"
             "<tr><th>b</th><td><span class=\"verdict error\">error</span></td><td>–</td></tr>\n");
  BOOST_TEST(
      between(text, "<h2>Requirements</h2>", "</table>") ==
      "<h2>Requirements</h2>\n<div class=\"scroll\"><table>\n"
      "<tr><th>requirement</th><th>verdict</th><th>cells</th><th>text</th></tr>\n"
      "<tr><td><code>R-1</code></td><td><span class=\"verdict fail\">fail</span></td><td>3</td><td>An offer "
      "of RTP "
      "alone is refused with 488. <small>(MUST; A guide, Modes)</small></td></tr>\n"
      "<tr><td><code>R-2</code></td><td><span class=\"verdict "
      "unsupported\">unsupported</span></td><td>1</td><td>"
      "Messages are &lt;framed&gt; | split. <small>(SHOULD; RFC 3261, §18.3)</small></td></tr>\n"
      "<tr><td><code>R-3</code></td><td><span class=\"none\">not exercised</span></td><td>0</td><td>Nobody "
      "looked. "
      "<small>(INFO; RFC 9325)</small></td></tr>\n"
      "<tr><td><code>R-9</code></td><td><span class=\"verdict fail\">fail</span></td><td>1</td><td><span "
      "class=\"none\">in no catalogue</span></td></tr>\n");
}

BOOST_AUTO_TEST_CASE(nothing_is_loaded_from_elsewhere) {
  const std::string text = page(sample::results());
  for (const char* word : {"http:", "https:", " src=", "@import", "url(", "<link"})
    BOOST_TEST(!contains(text, word), word);
}

BOOST_AUTO_TEST_CASE(whatever_a_peer_sends_stays_text) {
  std::vector<verdict::Result> results(1);
  const std::string evil = "</pre><script>alert('1')</script>\"";
  verdict::Finding finding = sample::finding();
  finding.text = finding.expected = finding.actual = finding.fix = finding.requirement = evil;
  finding.context = {evil};
  finding.where.file = evil;
  results[0] = {evil, evil, verdict::Outcome::fail, {evil}, {}, {finding}, evil, {{evil, evil}}};
  const std::string text = page(results);
  BOOST_TEST(!contains(text, "<script>alert"));
  BOOST_TEST(!contains(text, "alert('1')"));
  BOOST_TEST(contains(text, "&lt;/pre&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;"));
}

BOOST_AUTO_TEST_CASE(a_link_cannot_become_another_scheme) {
  std::vector<verdict::Result> results(1);
  results[0].evidence = "javascript:alert(1)";
  BOOST_TEST(contains(page(results), "<a href=\"./javascript%3Aalert%281%29\">"));
}

BOOST_AUTO_TEST_CASE(keys_are_shown_only_when_asked_for) {
  BOOST_TEST(!contains(page(sample::results()), "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"));
  BOOST_TEST(contains(page(sample::results(), true), "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"));
}

// Between its unclosed head elements and its style, the body is well-formed enough for an XML parser.
BOOST_AUTO_TEST_CASE(elements_are_closed_in_order) {
  const std::string text = page(sample::results());
  std::string body = between(text, "<body>", "<script>") + "</body>";
  for (std::size_t at = 0; (at = body.find("<section data-group>", at)) != std::string::npos;)
    body.replace(at, 20, "<section>");
  for (std::size_t at = 0; (at = body.find(" open>", at)) != std::string::npos;) body.replace(at, 6, ">");
  pugi::xml_document document;
  BOOST_TEST(document.load_string(body.c_str()).description() == std::string("No error"));
}

BOOST_AUTO_TEST_SUITE_END()
