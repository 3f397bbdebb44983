// SPDX-License-Identifier: Apache-2.0
// Policies, devices and reference values, with all that they ever were.
#include "store_impl.hpp"

#include <algorithm>

namespace keystone::server {
namespace {

const std::string kFind =
    "SELECT revision, body FROM documents WHERE kind = $1 AND name = $2 AND superseded IS NULL";
const std::string kFindAt =
    "SELECT revision, body FROM documents WHERE kind = $1 AND name = $2 AND revision <= $3"
    " AND (superseded IS NULL OR superseded > $3)";
const std::string kList =
    "SELECT name, revision, body FROM documents WHERE kind = $1 AND name > $2"
    " AND superseded IS NULL ORDER BY name LIMIT $3";
const std::string kSupersede =
    "UPDATE documents SET superseded = $3"
    " WHERE kind = $1 AND name = $2 AND superseded IS NULL";
const std::string kInsert =
    "INSERT INTO documents (kind, name, revision, superseded, body)"
    " VALUES ($1, $2, $3, NULL, $4)";
const std::string kRevision = "SELECT revision FROM store_state WHERE id = 1";

std::string word_of(DocumentKind kind) {
  return std::string(to_string(kind));
}

Result<std::optional<Document>> read_document(DocumentKind kind, const std::string& name,
                                              Rows& rows) {
  return read_one<Document>("document", rows, [&](RowReader& row) {
    const std::uint64_t revision = row.number();
    return Document{kind, name, revision, row.text()};
  });
}

bool holds(const Precondition& precondition, const std::optional<Document>& current) {
  if (precondition.if_none_match_any && current) {
    return false;
  }
  return !precondition.if_match || *precondition.if_match == "*" ||
         *precondition.if_match == current->etag();
}

// What is not to be done, or nothing.
std::optional<Store::Changed> refusal(const Precondition& precondition,
                                      const std::optional<Document>& current, bool must_exist) {
  if (!current && (must_exist || precondition.if_match)) {
    return NotFound{};
  }
  if (!holds(precondition, current)) {
    return PreconditionFailed{};
  }
  return std::nullopt;
}

// The document in the place of the one that there may be; without `body`, none.
Result<Store::Changed> change(Changes& changes, DocumentKind kind, const std::string& name,
                              const std::string* body, const Precondition& precondition) {
  KEYSTONE_TRY(auto rows, changes.run(kFind, word_of(kind), value_of(name)));
  KEYSTONE_TRY(const auto current, read_document(kind, name, rows));
  if (auto refused = refusal(precondition, current, body == nullptr)) {
    return *std::move(refused);
  }
  const std::uint64_t revision = ++changes.state.revision;
  KEYSTONE_CHECK_OK(changes.run(kSupersede, word_of(kind), value_of(name), value_of(revision)));
  if (body != nullptr) {
    KEYSTONE_CHECK_OK(
        changes.run(kInsert, word_of(kind), value_of(name), value_of(revision), value_of(*body)));
  }
  return Store::Changed(Document{kind, name, revision, body != nullptr ? *body : std::string()});
}

Result<Store::Changed> change_with_event(Writer& writer, DocumentKind kind, const std::string& name,
                                         const std::string* body, const Precondition& precondition,
                                         const AuditEvent& event) {
  KEYSTONE_CHECK_OK(check_text("document name", name));
  KEYSTONE_CHECK_OK(check_text("document", body != nullptr ? *body : std::string()));
  KEYSTONE_CHECK_OK(check_event(event));
  return writer.ask<Store::Changed>([&](Changes& changes) -> Result<Store::Changed> {
    KEYSTONE_TRY(auto changed, change(changes, kind, name, body, precondition));
    if (std::holds_alternative<Document>(changed)) {
      KEYSTONE_CHECK_OK(append_event(changes, event));
    }
    return changed;
  });
}

}  // namespace

std::string_view to_string(DocumentKind kind) {
  switch (kind) {
    case DocumentKind::policy:
      return "policy";
    case DocumentKind::device:
      return "device";
    case DocumentKind::reference_values:
      return "reference_values";
  }
  return "";
}

Result<std::optional<Document>> Store::document(DocumentKind kind, const std::string& name) const {
  KEYSTONE_CHECK_OK(check_text("document name", name));
  KEYSTONE_TRY(auto rows, impl_->reader.run(kFind, word_of(kind), value_of(name)));
  return read_document(kind, name, rows);
}

Result<std::optional<Document>> Store::document_at(DocumentKind kind, const std::string& name,
                                                   std::uint64_t revision) const {
  KEYSTONE_CHECK_OK(check_text("document name", name));
  constexpr std::uint64_t kMost = INT64_MAX;
  KEYSTONE_TRY(auto rows, impl_->reader.run(kFindAt, word_of(kind), value_of(name),
                                            value_of(std::min(revision, kMost))));
  return read_document(kind, name, rows);
}

Result<std::vector<Document>> Store::documents(DocumentKind kind, const std::string& after,
                                               std::size_t limit) const {
  KEYSTONE_CHECK_OK(check_text("document name", after));
  KEYSTONE_CHECK_OK(check_limit(limit));
  KEYSTONE_TRY(auto rows, impl_->reader.run(kList, word_of(kind), value_of(after),
                                            value_of(std::uint64_t{limit})));
  return read_all<Document>("document", rows, [&](RowReader& row) {
    Document document{kind, row.text(), 0, {}};
    document.revision = row.number();
    document.body = row.text();
    return document;
  });
}

Result<std::uint64_t> Store::revision() const {
  KEYSTONE_TRY(auto rows, impl_->reader.run(kRevision));
  return single_number("state", rows);
}

std::uint64_t Store::last_revision() const {
  return impl_->writer.revision();
}

Result<Store::Changed> Store::put_document(DocumentKind kind, const std::string& name,
                                           const std::string& body,
                                           const Precondition& precondition,
                                           const AuditEvent& event) {
  return change_with_event(impl_->writer, kind, name, &body, precondition, event);
}

Result<Store::Changed> Store::remove_document(DocumentKind kind, const std::string& name,
                                              const Precondition& precondition,
                                              const AuditEvent& event) {
  return change_with_event(impl_->writer, kind, name, nullptr, precondition, event);
}

}  // namespace keystone::server
