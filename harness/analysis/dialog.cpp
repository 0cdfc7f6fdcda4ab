#include "analysis/dialog.hpp"

#include "analysis/packing.hpp"

#include <concepts>

namespace sipvet::analysis {

template <typename Side, typename Visit>
requires std::same_as<std::remove_const_t<Side>, MediaSide>
void each_field(Side& side, Visit& visit) {
  visit(side.rtp, side.rtcp, side.protocol, side.direction, side.suites);
}

template <typename Media, typename Visit>
requires std::same_as<std::remove_const_t<Media>, NegotiatedMedia>
void each_field(Media& m, Visit& visit) {
  visit(m.offer_frame, m.answer_frame, m.section, m.type, m.offer, m.answer, m.accepted, m.secured, m.keying,
        m.suite);
}

template <typename Dialogue, typename Visit>
requires std::same_as<std::remove_const_t<Dialogue>, Dialog>
void each_field(Dialogue& d, Visit& visit) {
  visit(d.call_id, d.from, d.to, d.messages, d.methods, d.invite_statuses, d.media, d.transports,
        d.first_frame, d.last_frame);
}

Bytes pack(const Dialog& dialog) {
  Packer packer;
  each_field(dialog, packer);
  return packer.take();
}

Result<Dialog> unpack_dialog(ByteView packed) {
  Unpacker unpacker(packed);
  Dialog dialog;
  each_field(dialog, unpacker);
  if (!unpacker.good()) return fail("a packed dialog ends early");
  return dialog;
}

} // namespace sipvet::analysis
