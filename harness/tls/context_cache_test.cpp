#include "tls/context_cache.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

using namespace sipvet::tls;

namespace {

Config config_for(const std::string& server_name) {
  Config config;
  config.role = Role::client;
  config.server_name = server_name;
  return config;
}

} // namespace

BOOST_AUTO_TEST_SUITE(context_cache)

BOOST_AUTO_TEST_CASE(the_same_configuration_gives_the_same_context) {
  const auto one = make_context(config_for("same.example")).value();
  BOOST_TEST((one == make_context(config_for("same.example")).value()));
  BOOST_TEST((one != make_context(config_for("other.example")).value()));
  Config other_versions = config_for("same.example");
  other_versions.max_version = Version::tls1_2;
  BOOST_TEST((one != make_context(other_versions).value()));
}

BOOST_AUTO_TEST_CASE(contexts_that_remember_sessions_are_not_kept) {
  Config config = config_for("resumed.example");
  config.allow_resumption = true;
  BOOST_TEST((make_context(config).value() != make_context(config).value()));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_used_is_not_kept) {
  Config config = config_for("wrong.example");
  config.certificate_pem = "no certificate";
  BOOST_TEST(!make_context(config));
  BOOST_TEST(!make_context(config));
}

BOOST_AUTO_TEST_CASE(the_oldest_goes_first) {
  ContextCache cache;
  const auto context = make_context(config_for("any.example")).value();
  for (std::size_t i = 0; i <= max_cached_contexts; ++i) cache.add(config_for(std::to_string(i)), context);
  BOOST_TEST(cache.size() == max_cached_contexts);
  BOOST_TEST((cache.find(config_for("0")) == nullptr));
  BOOST_TEST((cache.find(config_for("1")) == context));
}

BOOST_AUTO_TEST_CASE(threads_share_nothing) {
  const auto here = make_context(config_for("thread.example")).value();
  std::shared_ptr<const Context> there;
  std::thread([&] { there = make_context(config_for("thread.example")).value(); }).join();
  BOOST_TEST((here != there));
}

BOOST_AUTO_TEST_SUITE_END()
