// SPDX-License-Identifier: Apache-2.0
#include "store_setting.hpp"

namespace keystone::server {
namespace {

using testing::fails_with;
using testing::succeeds;

class DocumentsTest : public StoreTest {
 protected:
  Store::Changed put(const std::string& name, const std::string& body,
                     const Precondition& precondition = {}) {
    return store.put_document(DocumentKind::policy, name, body, precondition, event_of("put"))
        .value();
  }
  Store::Changed remove(const std::string& name, const Precondition& precondition = {}) {
    return store.remove_document(DocumentKind::policy, name, precondition, event_of("remove"))
        .value();
  }
  // The body of the document as it is, or at a revision; `-` if there is none.
  std::string body(const std::string& name, std::optional<std::uint64_t> revision = {}) {
    const auto found = revision ? store.document_at(DocumentKind::policy, name, *revision)
                                : store.document(DocumentKind::policy, name);
    EXPECT_TRUE(succeeds(found));
    return *found ? (*found)->body : "-";
  }
};
INSTANTIATE_TEST_SUITE_P(Over, DocumentsTest, kBothBackends, name_of);

std::uint64_t revision_of(const Store::Changed& changed) {
  return std::get<Document>(changed).revision;
}
bool failed_precondition(const Store::Changed& changed) {
  return std::holds_alternative<PreconditionFailed>(changed);
}
bool not_found(const Store::Changed& changed) {
  return std::holds_alternative<NotFound>(changed);
}

TEST_P(DocumentsTest, EveryChangeMakesARevisionOfTheStore) {
  EXPECT_EQ(store.revision(), 0U);
  EXPECT_EQ(revision_of(put("a", "a1")), 1U);
  EXPECT_EQ(revision_of(put("b", "b1")), 2U);
  EXPECT_EQ(revision_of(put("a", "a2")), 3U);
  EXPECT_EQ(revision_of(remove("b")), 4U);
  EXPECT_EQ(store.revision(), 4U);
  EXPECT_EQ(database.open().revision(), 4U);
  EXPECT_EQ(store.audit_head().value().seq, 4U);
}

TEST_P(DocumentsTest, OldRevisionsStayReadable) {
  put("a", "a1");
  put("b", "b1");
  put("a", "a3");
  remove("a");
  put("a", "a5");
  const std::vector<std::string> bodies = {"-", "a1", "a1", "a3", "-", "a5", "a5"};
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    EXPECT_EQ(body("a", i), bodies[i]);
  }
  EXPECT_EQ(body("a", UINT64_MAX), "a5");
  EXPECT_EQ(body("a"), "a5");
  EXPECT_EQ(store.document_at(DocumentKind::policy, "a", 2).value()->revision, 1U);
}

TEST_P(DocumentsTest, OfOneNameButAnotherKindAreOthers) {
  put("a", "policy");
  for (const auto kind : {DocumentKind::device, DocumentKind::reference_values}) {
    EXPECT_FALSE(store.document(kind, "a").value().has_value());
    ASSERT_TRUE(
        succeeds(store.put_document(kind, "a", std::string(to_string(kind)), {}, event_of("put"))));
    EXPECT_EQ(store.document(kind, "a").value()->body, to_string(kind));
  }
  EXPECT_EQ(body("a"), "policy");
}

TEST_P(DocumentsTest, AreChangedOnlyAsTheyWereSeen) {
  const auto first = std::get<Document>(put("a", "a1"));
  EXPECT_EQ(first.etag(), "\"1\"");
  EXPECT_EQ(revision_of(put("a", "a2", {first.etag()})), 2U);
  EXPECT_TRUE(failed_precondition(put("a", "a3", {first.etag()})));
  EXPECT_TRUE(failed_precondition(remove("a", {first.etag()})));
  for (const char* etag : {"", "2", "W/\"2\"", "\"2", "\"02\""}) {
    EXPECT_TRUE(failed_precondition(put("a", "a3", {etag})));
  }
  EXPECT_EQ(body("a"), "a2");
  EXPECT_EQ(revision_of(put("a", "a3", {"*"})), 3U);
  EXPECT_EQ(revision_of(remove("a", {"\"3\""})), 4U);
  // What failed made no revision and no audit record.
  EXPECT_EQ(store.audit_head().value().seq, 4U);
}

TEST_P(DocumentsTest, AreMadeOnlyOnceWhereThatIsAsked) {
  const Precondition only_if_new{{}, true};
  EXPECT_EQ(revision_of(put("a", "a1", only_if_new)), 1U);
  EXPECT_TRUE(failed_precondition(put("a", "a2", only_if_new)));
  remove("a");
  EXPECT_EQ(revision_of(put("a", "a3", only_if_new)), 3U);
}

TEST_P(DocumentsTest, ThatAreNotThereAreNotFound) {
  EXPECT_TRUE(not_found(remove("a")));
  EXPECT_TRUE(not_found(remove("a", {"*"})));
  EXPECT_TRUE(not_found(put("a", "a1", {"*"})));
  EXPECT_TRUE(not_found(put("a", "a1", {"\"1\""})));
  EXPECT_EQ(body("a"), "-");
  EXPECT_EQ(store.revision(), 0U);
}

TEST_P(DocumentsTest, AreListedByNamePageByPage) {
  // By bytes, whatever the language of the server.
  for (const char* name : {"b", "B", "a", "\xc3\xa4", "a-1", "c", "gone"}) {
    put(name, std::string("body of ") + name);
  }
  put("a", "new");
  remove("gone");
  std::string names;
  std::vector<Document> page;
  for (std::string after;; after = page.back().name) {
    page = store.documents(DocumentKind::policy, after, 2).value();
    if (page.empty()) {
      break;
    }
    for (const Document& document : page) {
      names += document.name + " ";
    }
  }
  EXPECT_EQ(names, "B a a-1 b c \xc3\xa4 ");
  EXPECT_EQ(store.documents(DocumentKind::policy, "B", 1).value().front().body, "new");
  EXPECT_TRUE(store.documents(DocumentKind::device, "", 10).value().empty());
}

TEST_P(DocumentsTest, RefuseTextsAndLimitsThatCannotBeMeant) {
  EXPECT_TRUE(fails_with(store.put_document(DocumentKind::policy, "\xff", "", {}, event_of("put")),
                         ErrorCode::malformed, "document name"));
  EXPECT_TRUE(fails_with(store.put_document(DocumentKind::policy, "a", "\xff", {}, event_of("put")),
                         ErrorCode::malformed, "document"));
  EXPECT_TRUE(fails_with(store.document(DocumentKind::policy, std::string(1, '\0')),
                         ErrorCode::malformed, "document name"));
  EXPECT_TRUE(fails_with(store.document_at(DocumentKind::policy, "\xff", 1), ErrorCode::malformed,
                         "document name"));
  EXPECT_TRUE(fails_with(store.documents(DocumentKind::policy, "", 0), ErrorCode::usage, "limit"));
  EXPECT_TRUE(
      fails_with(store.documents(DocumentKind::policy, "", 1001), ErrorCode::usage, "limit"));
}

TEST_P(DocumentsTest, KeepALargeBodyAsItIs) {
  std::string large;
  for (int i = 0; i < 100'000; ++i) {
    large += "{\"\\u0000\": \"\xc3\xa9'\"}\n";
  }
  put("large", large);
  EXPECT_TRUE(body("large") == large);
}

}  // namespace
}  // namespace keystone::server
