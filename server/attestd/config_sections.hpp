// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "attestd/config.hpp"
#include "attestd/config_reader.hpp"

// The sections of a configuration; see Config::parse().
namespace keystone::server::attestd {

// Who is spoken with, and how: listeners, limits, rates, proxies, threads.
[[nodiscard]] Status read_transport(const JsonObject& file, const std::string& folder,
                                    http::ServerOptions& server);

// What is kept and for how long: store, keys, upkeep.
[[nodiscard]] Status read_keeping(const JsonObject& file, const std::string& folder,
                                  Config& config);

}  // namespace keystone::server::attestd
