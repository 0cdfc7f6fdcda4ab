// Takes a result's id apart: the scenario's name and the matrix values of the cell.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sipvet::report {

struct CellId {
  std::string scenario;                                       // "srtp-mode/inbound-offer"
  std::vector<std::pair<std::string, std::string>> variables; // in matrix order; empty: no matrix
};

// "srtp-mode/inbound-offer[mode=always,offer=rtp-only]". An id that does not have this form is all scenario.
CellId split_cell_id(std::string_view id);

} // namespace sipvet::report
