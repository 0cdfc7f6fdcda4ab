// A dialog of a capture as the report has it: its messages summed up, and the media it settled on.
#pragma once

#include "analysis/sip_message.hpp"
#include "base/bytes.hpp"
#include "base/endpoint.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace sipvet::analysis {

// One side of a media section: where it receives, and in what way it said so.
struct MediaSide {
  Endpoint rtp;                    // port 0: section refused
  Endpoint rtcp;                   // equal to rtp with rtcp-mux
  std::string protocol;            // "RTP/SAVP"
  std::string direction;           // "sendrecv"
  std::vector<std::string> suites; // of its crypto lines, in order
};

// One media section of an offer that was answered.
struct NegotiatedMedia {
  std::size_t offer_frame = 0;
  std::size_t answer_frame = 0;
  std::size_t section = 0; // from 0
  std::string type;        // "audio"
  MediaSide offer;
  MediaSide answer;
  bool accepted = false; // port not 0 on both sides
  bool secured = false;  // the answer settled on SRTP
  std::string keying;    // "sdes", "mikey", "dtls"; empty when not secured
  std::string suite;     // of the answer's crypto line; empty when not known
};

struct Dialog {
  std::string call_id;
  std::string from; // URI of the first request
  std::string to;
  std::size_t messages = 0;
  std::vector<std::string>
      methods; // of requests as first seen in order, repetitions and forwarded copies left out
  std::vector<int> invite_statuses;   // of responses to INVITE, the same way: {100, 180, 200}
  std::vector<NegotiatedMedia> media; // in order of their answers; re-INVITEs append
  std::vector<Transport> transports;  // each once
  std::size_t first_frame = 0;
  std::size_t last_frame = 0;
};

// For a temporary file.
Bytes pack(const Dialog& dialog);
Result<Dialog> unpack_dialog(ByteView packed);

} // namespace sipvet::analysis
