"""GStreamer's MIKEY reader and writer (libgstsdp), called as the C library that it is."""

import ctypes
import ctypes.util

T, SP, RAND, KEMAC, KEY_DATA = 5, 10, 11, 1, 20


class Message(ctypes.Structure):
    # GstMiniObject is 64 octets on 64-bit machines; the fields behind it are public.
    _fields_ = [("mini_object", ctypes.c_uint8 * 64), ("version", ctypes.c_uint8), ("type", ctypes.c_int), ("V", ctypes.c_int),
                ("prf_func", ctypes.c_int), ("csb_id", ctypes.c_uint32), ("map_type", ctypes.c_int)]


class Session(ctypes.Structure):
    _fields_ = [("policy", ctypes.c_uint8), ("ssrc", ctypes.c_uint32), ("roc", ctypes.c_uint32)]


class Payload(ctypes.Structure):
    _fields_ = [("mini_object", ctypes.c_uint8 * 64), ("type", ctypes.c_int), ("length", ctypes.c_uint)]


class Rand(ctypes.Structure):
    _fields_ = [("payload", Payload), ("length", ctypes.c_uint8), ("octets", ctypes.POINTER(ctypes.c_uint8))]


class KeyData(ctypes.Structure):
    _fields_ = [("payload", Payload), ("type", ctypes.c_int), ("length", ctypes.c_uint16),
                ("octets", ctypes.POINTER(ctypes.c_uint8))]


class Parameter(ctypes.Structure):
    _fields_ = [("number", ctypes.c_uint8), ("length", ctypes.c_uint8), ("octets", ctypes.POINTER(ctypes.c_uint8))]


def load():
    library = ctypes.CDLL("libgstsdp-1.0.so.0")
    glib = ctypes.CDLL("libglib-2.0.so.0")
    core = ctypes.CDLL("libgstreamer-1.0.so.0")
    if not core.gst_init_check(None, None, None):
        raise AssertionError("GStreamer cannot start")
    pointer = ctypes.c_void_p
    for name, result, arguments in (
            ("message_new", pointer, []),
            ("message_new_from_data", pointer, [ctypes.c_char_p, ctypes.c_size_t, pointer, pointer]),
            ("message_to_bytes", pointer, [pointer, pointer, pointer]),
            ("message_set_info", ctypes.c_int, [pointer, ctypes.c_uint8, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_uint32,
                                                ctypes.c_int]),
            ("message_get_n_cs", ctypes.c_uint, [pointer]),
            ("message_get_cs_srtp", ctypes.POINTER(Session), [pointer, ctypes.c_uint]),
            ("message_add_cs_srtp", ctypes.c_int, [pointer, ctypes.c_uint8, ctypes.c_uint32, ctypes.c_uint32]),
            ("message_find_payload", pointer, [pointer, ctypes.c_int, ctypes.c_uint]),
            ("message_add_payload", ctypes.c_int, [pointer, pointer]),
            ("message_add_t_now_ntp_utc", ctypes.c_int, [pointer]),
            ("message_add_rand_len", ctypes.c_int, [pointer, ctypes.c_uint8]),
            ("payload_new", pointer, [ctypes.c_int]),
            ("payload_sp_set", ctypes.c_int, [pointer, ctypes.c_uint, ctypes.c_int]),
            ("payload_sp_add_param", ctypes.c_int, [pointer, ctypes.c_uint8, ctypes.c_uint8, ctypes.c_char_p]),
            ("payload_sp_get_n_params", ctypes.c_uint, [pointer]),
            ("payload_sp_get_param", ctypes.POINTER(Parameter), [pointer, ctypes.c_uint]),
            ("payload_kemac_set", ctypes.c_int, [pointer, ctypes.c_int, ctypes.c_int]),
            ("payload_kemac_add_sub", ctypes.c_int, [pointer, pointer]),
            ("payload_kemac_get_sub", pointer, [pointer, ctypes.c_uint]),
            ("payload_key_data_set_key", ctypes.c_int, [pointer, ctypes.c_int, ctypes.c_uint16, ctypes.c_char_p])):
        function = getattr(library, f"gst_mikey_{name}")
        function.restype, function.argtypes = result, arguments
    glib.g_bytes_get_data.restype, glib.g_bytes_get_data.argtypes = pointer, [pointer, ctypes.POINTER(ctypes.c_size_t)]
    return library, glib


class GStreamer:
    def __init__(self):
        self.library, self.glib = load()

    def _octets(self, message):
        octets = self.library.gst_mikey_message_to_bytes(message, None, None)
        if not octets:
            return None
        size = ctypes.c_size_t()
        data = self.glib.g_bytes_get_data(octets, ctypes.byref(size))
        return ctypes.string_at(data, size.value)

    def read(self, octets):
        """What it finds in a message, and the message as it writes it again; nothing where it refuses."""
        message = self.library.gst_mikey_message_new_from_data(octets, len(octets), None, None)
        if not message:
            return None
        header = ctypes.cast(message, ctypes.POINTER(Message)).contents
        sessions = [self.library.gst_mikey_message_get_cs_srtp(message, i).contents
                    for i in range(self.library.gst_mikey_message_get_n_cs(message))]
        found = {"type": header.type, "V": bool(header.V), "csb_id": header.csb_id,
                 "sessions": [(s.policy, s.ssrc, s.roc) for s in sessions], "octets": self._octets(message)}
        find = self.library.gst_mikey_message_find_payload
        if rand := find(message, RAND, 0):
            rand = ctypes.cast(rand, ctypes.POINTER(Rand)).contents
            found["rand"] = bytes(rand.octets[:rand.length])
        if policy := find(message, SP, 0):
            parameters = [self.library.gst_mikey_payload_sp_get_param(policy, i).contents
                          for i in range(self.library.gst_mikey_payload_sp_get_n_params(policy))]
            found["policy"] = {p.number: int.from_bytes(bytes(p.octets[:p.length]), "big") for p in parameters}
        if kemac := find(message, KEMAC, 0):
            key = self.library.gst_mikey_payload_kemac_get_sub(kemac, 0)
            key = ctypes.cast(key, ctypes.POINTER(KeyData)).contents
            found["key"] = (key.type, bytes(key.octets[:key.length]))
        return found

    def write(self, csb_id, ssrc, tek_and_kind, parameters):
        """A pre-shared key message for one stream, without encryption and MAC, as GStreamer's RTSP parts send it."""
        library = self.library
        message = library.gst_mikey_message_new()
        library.gst_mikey_message_set_info(message, 1, 0, 0, 0, csb_id, 0)
        library.gst_mikey_message_add_cs_srtp(message, 0, ssrc, 0)
        library.gst_mikey_message_add_t_now_ntp_utc(message)
        library.gst_mikey_message_add_rand_len(message, 16)
        policy = library.gst_mikey_payload_new(SP)
        library.gst_mikey_payload_sp_set(policy, 0, 0)
        for number, value in parameters.items():
            library.gst_mikey_payload_sp_add_param(policy, number, 1, bytes([value]))
        library.gst_mikey_message_add_payload(message, policy)
        kind, key = tek_and_kind
        data = library.gst_mikey_payload_new(KEY_DATA)
        library.gst_mikey_payload_key_data_set_key(data, kind, len(key), key)
        kemac = library.gst_mikey_payload_new(KEMAC)
        library.gst_mikey_payload_kemac_set(kemac, 0, 0)
        library.gst_mikey_payload_kemac_add_sub(kemac, data)
        library.gst_mikey_message_add_payload(message, kemac)
        return self._octets(message)
