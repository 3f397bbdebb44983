// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/core.hpp"
#include "api/problem.hpp"

// What the routes do: docs/http-api.md. Each takes a call that is allowed.
namespace keystone::server {

using HandlerFunction = Answer<http::Response> (*)(Call& call);

[[nodiscard]] Answer<http::Response> new_session(Call& call);
[[nodiscard]] Answer<http::Response> get_session(Call& call);
[[nodiscard]] Answer<http::Response> answer_session(Call& call);
[[nodiscard]] Answer<http::Response> delete_session(Call& call);

[[nodiscard]] Answer<http::Response> verify_one(Call& call);
[[nodiscard]] Answer<http::Response> verify_batch(Call& call);

[[nodiscard]] Answer<http::Response> list_policies(Call& call);
[[nodiscard]] Answer<http::Response> get_policy(Call& call);
[[nodiscard]] Answer<http::Response> put_policy(Call& call);
[[nodiscard]] Answer<http::Response> delete_policy(Call& call);
[[nodiscard]] Answer<http::Response> list_devices(Call& call);
[[nodiscard]] Answer<http::Response> get_device(Call& call);
[[nodiscard]] Answer<http::Response> put_device(Call& call);
[[nodiscard]] Answer<http::Response> delete_device(Call& call);
[[nodiscard]] Answer<http::Response> list_reference_values(Call& call);
[[nodiscard]] Answer<http::Response> get_reference_values(Call& call);
[[nodiscard]] Answer<http::Response> put_reference_values(Call& call);
[[nodiscard]] Answer<http::Response> delete_reference_values(Call& call);

[[nodiscard]] Answer<http::Response> search_results(Call& call);
[[nodiscard]] Answer<http::Response> get_result(Call& call);

[[nodiscard]] Answer<http::Response> well_known(Call& call);
[[nodiscard]] Answer<http::Response> jwks(Call& call);
[[nodiscard]] Answer<http::Response> openapi(Call& call);
[[nodiscard]] Answer<http::Response> healthz(Call& call);
[[nodiscard]] Answer<http::Response> readyz(Call& call);
[[nodiscard]] Answer<http::Response> metrics(Call& call);

// An answer with that body; JSON unless said otherwise. Nothing of ours is for caches.
[[nodiscard]] http::Response answer_with(unsigned status, std::string body,
                                         std::string_view media_type = "application/json");

}  // namespace keystone::server
