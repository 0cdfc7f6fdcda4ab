#include "dialog/transaction_tables.hpp"

namespace sipvet::dialog {

namespace {

using S = State;
using I = Input;
using T = Timer;

constexpr Row on(S from, I input, S to, Do actions, Timers start = {}, Timers stop = {}) {
  return {from, input, T::A, to, actions, start, stop};
}
constexpr Row when(S from, T timer, S to, Do actions, Timers start = {}, Timers stop = {}) {
  return {from, I::timer, timer, to, actions, start, stop};
}

// RFC 3261 §17.1.1, figure 5; accepted and timer M from RFC 6026 §7.2.
constexpr Row invite_client[] = {
    on(S::calling, I::start, S::calling, Do::request, {T::A, T::B}),
    when(S::calling, T::A, S::calling, Do::request, {T::A}),
    when(S::calling, T::B, S::terminated, Do::timed_out, {}, {T::A}),
    on(S::calling, I::transport_error, S::terminated, Do::failed, {}, {T::A, T::B}),
    on(S::calling, I::provisional, S::proceeding, Do::user, {}, {T::A, T::B}),
    on(S::calling, I::success, S::accepted, Do::user, {T::M}, {T::A, T::B}),
    on(S::calling, I::failure, S::completed, Do::ack | Do::user, {T::D}, {T::A, T::B}),

    on(S::proceeding, I::provisional, S::proceeding, Do::user),
    on(S::proceeding, I::success, S::accepted, Do::user, {T::M}),
    on(S::proceeding, I::failure, S::completed, Do::ack | Do::user, {T::D}),

    on(S::completed, I::failure, S::completed, Do::ack),
    on(S::completed, I::transport_error, S::terminated, Do::failed, {}, {T::D}),
    when(S::completed, T::D, S::terminated, Do::nothing),

    on(S::accepted, I::success, S::accepted, Do::user),
    when(S::accepted, T::M, S::terminated, Do::nothing),
};

// RFC 3261 §17.2.1, figure 7; accepted and timer L from RFC 6026 §7.1. A transport error tells the user and
// changes no state (RFC 6026 §8.8): the response may still arrive when it is repeated.
constexpr Row invite_server[] = {
    on(S::proceeding, I::start, S::proceeding, Do::user),
    on(S::proceeding, I::request_again, S::proceeding, Do::response),
    on(S::proceeding, I::provisional, S::proceeding, Do::response),
    on(S::proceeding, I::success, S::accepted, Do::response, {T::L}),
    on(S::proceeding, I::failure, S::completed, Do::response, {T::G, T::H}),
    on(S::proceeding, I::transport_error, S::proceeding, Do::failed),

    on(S::completed, I::request_again, S::completed, Do::response),
    when(S::completed, T::G, S::completed, Do::response, {T::G}),
    when(S::completed, T::H, S::terminated, Do::timed_out, {}, {T::G}),
    on(S::completed, I::ack, S::confirmed, Do::nothing, {T::I}, {T::G, T::H}),
    on(S::completed, I::transport_error, S::completed, Do::failed),

    when(S::confirmed, T::I, S::terminated, Do::nothing),

    on(S::accepted, I::success, S::accepted, Do::response),
    on(S::accepted, I::ack, S::accepted, Do::user),
    on(S::accepted, I::transport_error, S::accepted, Do::failed),
    when(S::accepted, T::L, S::terminated, Do::nothing),
};

// RFC 3261 §17.1.2, figure 6.
constexpr Row non_invite_client[] = {
    on(S::trying, I::start, S::trying, Do::request, {T::E, T::F}),
    when(S::trying, T::E, S::trying, Do::request, {T::E}),
    when(S::trying, T::F, S::terminated, Do::timed_out, {}, {T::E}),
    on(S::trying, I::transport_error, S::terminated, Do::failed, {}, {T::E, T::F}),
    on(S::trying, I::provisional, S::proceeding, Do::user),
    on(S::trying, I::success, S::completed, Do::user, {T::K}, {T::E, T::F}),
    on(S::trying, I::failure, S::completed, Do::user, {T::K}, {T::E, T::F}),

    when(S::proceeding, T::E, S::proceeding, Do::request, {T::E}),
    when(S::proceeding, T::F, S::terminated, Do::timed_out, {}, {T::E}),
    on(S::proceeding, I::transport_error, S::terminated, Do::failed, {}, {T::E, T::F}),
    on(S::proceeding, I::provisional, S::proceeding, Do::user),
    on(S::proceeding, I::success, S::completed, Do::user, {T::K}, {T::E, T::F}),
    on(S::proceeding, I::failure, S::completed, Do::user, {T::K}, {T::E, T::F}),

    when(S::completed, T::K, S::terminated, Do::nothing),
};

// RFC 3261 §17.2.2, figure 8.
constexpr Row non_invite_server[] = {
    on(S::trying, I::start, S::trying, Do::user),
    on(S::trying, I::provisional, S::proceeding, Do::response),
    on(S::trying, I::success, S::completed, Do::response, {T::J}),
    on(S::trying, I::failure, S::completed, Do::response, {T::J}),

    on(S::proceeding, I::request_again, S::proceeding, Do::response),
    on(S::proceeding, I::provisional, S::proceeding, Do::response),
    on(S::proceeding, I::success, S::completed, Do::response, {T::J}),
    on(S::proceeding, I::failure, S::completed, Do::response, {T::J}),
    on(S::proceeding, I::transport_error, S::terminated, Do::failed),

    on(S::completed, I::request_again, S::completed, Do::response),
    on(S::completed, I::transport_error, S::terminated, Do::failed, {}, {T::J}),
    when(S::completed, T::J, S::terminated, Do::nothing),
};

} // namespace

std::span<const Row> rows_of(Machine machine) {
  switch (machine) {
  case Machine::invite_client:
    return invite_client;
  case Machine::invite_server:
    return invite_server;
  case Machine::non_invite_client:
    return non_invite_client;
  case Machine::non_invite_server:
    return non_invite_server;
  }
  return {};
}

State first_state(Machine machine) { return rows_of(machine).front().from; }

} // namespace sipvet::dialog
