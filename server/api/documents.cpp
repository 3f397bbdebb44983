// SPDX-License-Identifier: Apache-2.0
// Policies, devices and reference values: three kinds of the same.
#include "api/documents_format.hpp"
#include "api/evidence.hpp"
#include "api/handlers.hpp"
#include "api/json_text.hpp"
#include "api/query.hpp"
#include "keystone/base/number.hpp"
#include "keystone/crypto/digest.hpp"

namespace keystone::server {
namespace {

constexpr std::uint64_t kMostAtOnce = 1000;
constexpr std::uint64_t kUsualPage = 100;

tl::unexpected<Problem> no_such(DocumentKind kind, const std::string& name) {
  return refuse(404, std::string(to_string(kind)) + ": there is no '" + name + "'");
}

// The entity tag in a header: `*` or one strong tag, as this server gives it.
Answer<std::optional<std::string>> tag_in(const http::Request& request, std::string_view header) {
  const std::string* const value = request.header(header);
  if (value == nullptr) {
    return std::optional<std::string>();
  }
  const bool is_tag = value->size() >= 2 && value->front() == '"' && value->back() == '"' &&
                      value->find('"', 1) == value->size() - 1;
  if (request.has_twice(header) || (*value != "*" && !is_tag)) {
    return refuse(400, std::string(header) + ": got another value, want * or one strong tag");
  }
  return std::optional(*value);
}

Answer<Precondition> precondition_of(const http::Request& request) {
  Precondition precondition;
  KEYSTONE_TRY(precondition.if_match, tag_in(request, "If-Match"));
  KEYSTONE_TRY(const auto none, tag_in(request, "If-None-Match"));
  if (none && *none != "*") {
    return refuse(400, "If-None-Match: got a tag, want *");
  }
  precondition.if_none_match_any = none.has_value();
  return precondition;
}

// {"kind":...,"name":...,"request":...,"sha256":...}; of a removal without the digest.
AuditEvent event_of(const Call& call, std::string_view what, DocumentKind kind,
                    std::string_view digest) {
  JsonText body;
  body.add("kind", to_string(kind));
  body.add("name", call.parameter);
  body.add("request", call.request.id);
  if (!digest.empty()) {
    body.add("sha256", digest);
  }
  return {call.core->now(), std::string(what), call.caller.actor, std::move(body).object()};
}

Result<std::string> digest_of(std::string_view text) {
  KEYSTONE_TRY(auto hash, Sha256::create());
  hash.update({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  return std::move(hash).finish().hex();
}

std::string entry_of(const Document& document) {
  JsonText entry;
  entry.add("name", document.name);
  entry.add("revision", document.revision);
  entry.add("etag", document.etag());
  return std::move(entry).object();
}

// The document after a change, or why there was none.
Answer<Document> changed(Result<Store::Changed> result, DocumentKind kind,
                         const std::string& name) {
  KEYSTONE_TRY(auto outcome, stored(std::move(result)));
  if (std::holds_alternative<PreconditionFailed>(outcome)) {
    return refuse(412, std::string(to_string(kind)) + ": is not what the condition says");
  }
  if (auto* const document = std::get_if<Document>(&outcome)) {
    return std::move(*document);
  }
  return no_such(kind, name);
}

Answer<http::Response> list(Call& call, DocumentKind kind) {
  KEYSTONE_TRY(const auto query, Query::parse(call.request.query, {"after", "limit"}));
  std::string after;
  if (const std::string* const name = query.find("after")) {
    KEYSTONE_CHECK_OK(check_document_name(*name));
    after = *name;
  }
  std::uint64_t limit = kUsualPage;
  if (const std::string* const text = query.find("limit")) {
    KEYSTONE_TRY(limit, parse_unsigned("limit", *text, {1, kMostAtOnce}));
  }
  const auto size = static_cast<std::size_t>(limit);
  KEYSTONE_TRY(const auto page, stored(call.core->store().documents(kind, after, size)));
  std::vector<std::string> entries;
  for (const Document& document : page) {
    entries.push_back(entry_of(document));
  }
  JsonText body;
  body.add_json("items", json_array(entries));
  body.add_json("next", page.size() < size ? "null" : json_quoted(page.back().name));
  return answer_with(200, std::move(body).object());
}

Answer<http::Response> get(Call& call, DocumentKind kind) {
  KEYSTONE_CHECK_OK(check_document_name(call.parameter));
  KEYSTONE_TRY(const auto known, tag_in(call.request, "If-None-Match"));
  KEYSTONE_TRY(auto document, stored(call.core->store().document(kind, call.parameter)));
  if (!document) {
    return no_such(kind, call.parameter);
  }
  const bool is_known = known && (*known == "*" || *known == document->etag());
  auto response = is_known ? http::Response{304} : answer_with(200, std::move(document->body));
  response.headers.push_back({"ETag", document->etag()});
  return response;
}

Answer<http::Response> put(Call& call, DocumentKind kind) {
  const std::string* const type = call.request.header("Content-Type");
  if (type == nullptr || media_type_of(*type) != "application/json") {
    return refuse(415, "content-type: got another one, want application/json");
  }
  KEYSTONE_TRY(const auto precondition, precondition_of(call.request));
  const std::string& body = call.request.body;
  KEYSTONE_CHECK_OK(check_document(kind, call.parameter, body));
  KEYSTONE_TRY(const auto digest, digest_of(body));
  Store& store = call.core->store();
  KEYSTONE_TRY(const auto before, stored(store.document(kind, call.parameter)));
  KEYSTONE_TRY(const auto document,
               changed(store.put_document(kind, call.parameter, body, precondition,
                                          event_of(call, "document.put", kind, digest)),
                       kind, call.parameter));
  auto response = answer_with(before ? 200 : 201, entry_of(document));
  response.headers.push_back({"ETag", document.etag()});
  return response;
}

Answer<http::Response> remove(Call& call, DocumentKind kind) {
  KEYSTONE_CHECK_OK(check_document_name(call.parameter));
  KEYSTONE_TRY(const auto precondition, precondition_of(call.request));
  KEYSTONE_TRY(const auto document, changed(call.core->store().remove_document(
                                                kind, call.parameter, precondition,
                                                event_of(call, "document.removed", kind, "")),
                                            kind, call.parameter));
  (void)document;
  return http::Response{204};
}

}  // namespace

Answer<http::Response> list_policies(Call& call) {
  return list(call, DocumentKind::policy);
}
Answer<http::Response> get_policy(Call& call) {
  return get(call, DocumentKind::policy);
}
Answer<http::Response> put_policy(Call& call) {
  return put(call, DocumentKind::policy);
}
Answer<http::Response> delete_policy(Call& call) {
  return remove(call, DocumentKind::policy);
}

Answer<http::Response> list_devices(Call& call) {
  return list(call, DocumentKind::device);
}
Answer<http::Response> get_device(Call& call) {
  return get(call, DocumentKind::device);
}
Answer<http::Response> put_device(Call& call) {
  return put(call, DocumentKind::device);
}
Answer<http::Response> delete_device(Call& call) {
  return remove(call, DocumentKind::device);
}

Answer<http::Response> list_reference_values(Call& call) {
  return list(call, DocumentKind::reference_values);
}
Answer<http::Response> get_reference_values(Call& call) {
  return get(call, DocumentKind::reference_values);
}
Answer<http::Response> put_reference_values(Call& call) {
  return put(call, DocumentKind::reference_values);
}
Answer<http::Response> delete_reference_values(Call& call) {
  return remove(call, DocumentKind::reference_values);
}

}  // namespace keystone::server
