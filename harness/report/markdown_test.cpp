#include "report/markdown.hpp"

#include "report/sample.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::report;

BOOST_AUTO_TEST_SUITE(markdown_format)

BOOST_AUTO_TEST_CASE(the_whole_summary) {
  const auto results = sample::results();
  const auto catalogue = sample::catalogue();
  BOOST_TEST(markdown({results, catalogue, false, "reference", "0.1.0"}) == R"(# sipvet: reference

| pass | fail | error | unsupported | skipped |
|---|---|---|---|---|
| 1 | 1 | 1 | 1 | 1 |

sipvet 0.1.0

## What did not pass

### fail: m/s\[mode=a,offer=y\]

- error: The gateway answered 200 with RTP instead of refusing the offer.
  - requirement: `R-1` An offer of RTP alone is refused with 488. (A guide, Modes)
  - expected: 488
  - actual: 200 \<RTP/AVP\> & more
  - seen by: the capture, frame 12
  - scenario: scenarios/m/s.yaml:20:5
  - what to do: Look at the SRTP mode.
  - `server > gateway  INVITE`
  - `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:[redacted]|2^20|1:4`
- evidence: `evidence/m-s-1`

### error: m/s\[mode=b,offer=x\]

- nothing was recorded about the reason

### unsupported: t/one

- info: The target has no TLS 1.3.
  - seen by: the harness

### skipped: t/two

- nothing was recorded about the reason

## Scenarios

### m/s

Modes decide

| mode \\ offer | x | y |
|---|---|---|
| a | pass | **fail** |
| b | **error** | – |

### t/one

| cell | verdict |
|---|---|
| t/one | unsupported |

### t/two

| cell | verdict |
|---|---|
| t/two | skipped |

## Requirements

| requirement | verdict | cells | text |
|---|---|---|---|
| R-1 | **fail** | 3 | An offer of RTP alone is refused with 488. |
| R-2 | unsupported | 1 | Messages are \<framed\> \| split. |
| R-9 | **fail** | 1 | *in no catalogue* |

## Not exercised

| requirement | text |
|---|---|
| R-3 | Nobody looked. |
)");
}

BOOST_AUTO_TEST_CASE(backticks_in_code_do_not_end_it) {
  std::vector<verdict::Result> results(1);
  results[0].evidence = "a`b``c";
  BOOST_TEST(markdown({results, {}, false, "", ""}).find("- evidence: ``` a`b``c ```\n") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
