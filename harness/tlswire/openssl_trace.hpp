// For tests: handshake messages, with their headers, of sessions between OpenSSL 3.0's s_client and s_server.
#pragma once

#include "base/bytes.hpp"
#include "base/hex.hpp"

namespace sipvet::tlswire::openssl_trace {

inline Bytes hex(std::string_view text) { return from_hex(text).value(); }

// TLS 1.0, ECDHE_RSA on secp256r1.
namespace tls10 {
inline const Bytes client_random = hex("6abb1578bdaa0a134101f8c6782296b888b7af77b42a664e6d4c01e6fe4889aa");
inline const Bytes server_random = hex("632166cbe154959c2d38ed226cd822542f4d97348e628460f12ae32267691c6b");
inline const Bytes server_key_exchange =
    hex("0c00014703001741044ea3db7bf92616c2a0ac680d4cb76b9dca490b1dc409d0d94032cecc15b1d8a3bd4e4ea237552f94ff"
        "690548f16a16974d06fd9095ab5bead80ffc5aa924de870100082141682e8deb50f181aadb2360da659a91104a97649dd7b9"
        "6a88d1b96ef7cf34ba2e365c36b2718358f20a36c15bb6fbe5d1288a27650ad61ea1d9472097050735207bf14121214efdec"
        "3a1ec68e045717638827b1fb375d5e29a21700008d2071c4156a0e8fd3dee33b7b6f73ceeb06987fe337dc0429fb39ca0988"
        "8e52e74dd3a7f92794a8a5fc37c48f41ced7a0b7b34b071bafbf83073445f075d1b5aa91592746caffe61d3026072a050011"
        "16f33b1849f9d8407873631c80daa3d79fc2c4c9f312ab0d8ae16d64ddcb5dbfaa524846821ee9b19005d6ee9e132b8b6eab"
        "9712cc3ea89abc1e9262bb44b88b811602c9dc1a9cbc46f1da8ca148d8e249");
inline const Bytes certificate_request = hex("0d000017030102400011000f300d310b300906035504030c026777");
inline const Bytes client_key_exchange =
    hex("1000004241049c5d4c7214a52b6dc3d90732fac115180734814dbe0cc4d8b7dd0f793df3beb85177a587427865c0a94c369a"
        "bb5799fd900735aae383f74a256acc03d0a8e206");
inline const Bytes certificate_verify =
    hex("0f00010201008a87f4da5ce29efe691fde625b6610887fd16c41f14948e62f5ed988b4d0f1db3491abb5d14cd5f9c7c2a2e4"
        "88926f08ac2ff0b92801f3cff610e31d79e7aaf08dff0421b9fa25a26e84daa1b3f49f6b739fbc26e7a45e063a7748758c46"
        "92edb0875f3a919867675b98571fda792efc0da62c78b320b4665dbdf741b51e65ba16905c82818dff7781fa13675110fe26"
        "2ed0c3006cff9e353e9fa349e0d4db8ab7ec84ea9166281e94e48b29c20b1fdf066f859d5431eab121c684c601e6b7036e31"
        "6394d2e6d86d3840b994967b27e74267f5e854cef27639f50856035dd820b950958f12750aba0bafe297a67af7f3497ef1d1"
        "4a5b46987f887fd38c0b94f8");
// What the RSA signature of ServerKeyExchange holds: MD5 and SHA-1 of the signed octets.
inline const Bytes signed_digest =
    hex("2cfd813601d77a7f627f5f86f379e6f8c3748dbfd5d857321812c4b7c49bf9ad97a4a79c");
} // namespace tls10

// TLS 1.2, ECDHE_RSA on x25519, signed with rsa_pss_rsae_sha256.
namespace tls12 {
inline const Bytes client_random = hex("659dd85a98ffebb4b51408e34b4827355c542da81dbb0992e7a29d9be989b324");
inline const Bytes server_random = hex("7ddb3e638ca295a43040ac0939338cd10619b612fcc7c4e1cf13305d1bdfe864");
inline const Bytes server_key_exchange = hex(
    "0c00012803001d208db41ebda5f73a2c32f981a743189585bc3ba5f05b1c21ac8e19d20e66a36a650804010015e32dacdf8d"
    "421582ec36a49a812ad4b907ad3c487d60344cd7cd158dd740a3bec79439f65445548b167dbb0368ec91855768b6ff5066c9"
    "9a686b8d27f86e884f6ddac866624157aa7465303dcce8cefd9c658381e145aa0d6cd7420a5c4abea1f36e4654b843fe5c94"
    "a238663103dcf1c322f2a531261e0544255bfc095703df5bd914adfb254d3e055dcb43eedba9ec1fb28dca8e234f88bcc623"
    "4bac9119c1746218a12525fd9bd94e180be870f0e5ad99803f50662617e64288614e787c248fac7283da419323f9dba29bff"
    "a77bcb48cf6a31fb5ac152428c67d7ad68848f9148467c6bf5d6ef42825afa0ee995083e5d2533194a882de53b95b3ec3068");
inline const Bytes certificate_request =
    hex("0d000041030102400028040305030603080708080809080a080b080408050806040105010601030303010302040205020602"
        "0011000f300d310b300906035504030c026777");
inline const Bytes client_key_exchange =
    hex("10000021202761e7e1df8aa03661699f84c1fd6868afbfee063f0837ce37ba8655bd4d8141");
inline const Bytes certificate_verify =
    hex("0f000104080401009eedbffc23b5a84ebea28504a751346348ca4b9372f514751cccb2009acb8b94b8f57f34a0b7855f65fc"
        "99be5fa1f955c1154a3ed89167f941c578db98e961015e30efc5a9043edee05e4eb4a7a92c7f65ed4668827c0e57bbc1d060"
        "a987a871a731028e6b0c65dc07269e8b84618542be23ed0faa973cb0de20222553c09c43e18292ca152eab6356f26daa3981"
        "61abf2a5ab3fccdb72f39dadf1d823d999c548a99edb2e7ba0ab96fd14d4173609d6da3c79c0a4a43774b7e137b76d7c92c5"
        "b3471bfd5b32ddaf764a00eb38d78573eb13a76a5e09aacf14681c673af454b072c82837fee7d519737cd16a10f2759f5adb"
        "a0a95c22017d2da9babfbae46c7f");
// SHA-256 of the octets that the signature of ServerKeyExchange was verified to cover.
inline const Bytes signed_digest = hex("686e4ba2d6019c7727c0223791846cf1e0001dd67fd663d6d8a08980d2045ab9");
} // namespace tls12

// TLS 1.2, ECDHE_ECDSA on secp384r1, signed with ecdsa_secp256r1_sha256.
namespace tls12_ecdsa {
inline const Bytes client_random = hex("17f191706fa04f518e760580105210d3eadcb2f0a0986520f1778286346dccdf");
inline const Bytes server_random = hex("8344479d2d770b52a7ccfc23a08cf9557b033c8b071c038419d79e26492ac73b");
inline const Bytes server_key_exchange =
    hex("0c0000af0300186104915d5946673133d6ad181f91066320b236babe3e261e1457430656b6cc9934806de549708eefceeecd"
        "928bc4f8a92d338128baf8231911275aa2235fdf158aa5d150988d0970fa68d9ccfd6b48f121d05d4f30eab0c46bd7a6e181"
        "9ce59192c204030046304402204ca648b0334ccc94ca445ba89aecdcc2e2776e1e5804516380f739748c567a070220191d24"
        "635cca9e3998f5cce601eb926b14a5dfa0fd0f8731e3d6147d39caa224");
inline const Bytes client_key_exchange =
    hex("1000006261041f4065d2bea5741e450e5d83c8ec4f26ca9c03e6895fe689c507e2ac865102f16b95da033ac62904296ccb9f"
        "897a39212b9006be3488c73623a5950d4ccbdce1842e284a852d2c6d111ec154fbce84c9441120e7e2b6388a29e455d3d032"
        "6ec9");
inline const Bytes signed_digest = hex("63d021f12e595ef6485308674b5d9aff7b4b0465ab5d08214919ae7d4d9254df");
} // namespace tls12_ecdsa

namespace tls13 {
inline const Bytes certificate_request =
    hex("0d00004000003d000d00220020040305030603080708080809080a080b08040805080604010501060103030301002f001300"
        "11000f300d310b300906035504030c026777");
inline const Bytes certificate_verify =
    hex("0f00010408040100179505dcd5270400405909f524b15544e6c3fe1b2245904055efda35f13e79b613bcfe283f8b4137fb3d"
        "cb2d1121afb87d58d53e8f34b7cb8b9259a331a9c0d9dafe1dfc7a2f6659debd2f39e566b0f4abe82551058e1f7fe7dd09a2"
        "b39ba31abfc7d635a5e3b7b4275fdbab6e7c949d03c679a411348cb4dc7d479c2ca7f660e842634d8cadb4264d9bb37dcb95"
        "2c6393d5e3a3956dbb8f5586e4e3b71fa17d4d8deb3dbfd71e8949cdc32e03a1ffdffd68b30f37846b8909e48374cb90139b"
        "4eb9d66e5fc6f8d21d254a61ca476d29ba1bd1c3aacd3aaf1989ab92385ffa914b2b6e05c54a9b8bf3d8dec8cd95a8d458c9"
        "bb8abd0780d922aa9420e2db6095");
inline const Bytes encrypted_extensions = hex("080000020000");
} // namespace tls13

} // namespace sipvet::tlswire::openssl_trace
