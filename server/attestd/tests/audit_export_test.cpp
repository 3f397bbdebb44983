// SPDX-License-Identifier: Apache-2.0
#include "attestd/audit_export.hpp"

#include "attestd/export_file.hpp"
#include "temporary_state.hpp"

namespace keystone::server::attestd {
namespace {

constexpr Instant kWritten{std::chrono::seconds(1'767'225'600)};

class AuditExportTest : public ::testing::Test {
 protected:
  AuditExportTest() {
    AuditHead head = AuditHead::start();
    for (const char* const kind : {"a", "b \"c\" \xc3\xa9\n", ""}) {
      records_.push_back(*next_record(head, {kWritten, kind, "who", R"({"x":1})"}));
      head = {records_.back().seq, records_.back().hash};
    }
    text_ = export_line(ExportStart{AuditHead::start(), head});
    text_ += export_line(ExportedCheckpoint{"a.b.c"});
    for (const AuditRecord& record : records_) {
      text_ += export_line(record);
    }
  }

  [[nodiscard]] Result<ExportFile> open(const std::string& text) const {
    state_.write("export", text, 0600);
    return ExportFile::open(state_.path_of("export"));
  }

  // Of the first thing that is wrong with a file; empty: all of it is read.
  [[nodiscard]] std::string problem_of(const std::string& text) const {
    auto file = open(text);
    while (file) {
      const auto record = file->next();
      if (!record) {
        return record.error().message;
      }
      if (!*record) {
        return "";
      }
    }
    return file.error().message;
  }

  void expect_refused(const std::string& text, const std::string& place) const {
    const std::string problem = problem_of(text);
    EXPECT_NE(problem.find("export: " + place), std::string::npos) << text << problem;
  }

  TemporaryState state_;
  std::vector<AuditRecord> records_;
  std::string text_;
};

TEST_F(AuditExportTest, IsReadBackAsItWas) {
  auto file = open(text_);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->start().base, AuditHead::start());
  EXPECT_EQ(file->start().head, (AuditHead{3, records_[2].hash}));
  ASSERT_EQ(file->checkpoints().size(), 1U);
  EXPECT_EQ(file->checkpoints()[0].jws, "a.b.c");
  for (const AuditRecord& record : records_) {
    const auto read = file->next();
    ASSERT_TRUE(read && *read);
    EXPECT_EQ(export_line(**read), export_line(record));
    EXPECT_EQ((*read)->event.time, record.event.time);
  }
  EXPECT_FALSE(file->next()->has_value());
}

TEST_F(AuditExportTest, OfAnEmptyLogHasNoRecord) {
  auto file = open(export_line(ExportStart{AuditHead::start(), AuditHead::start()}));
  ASSERT_TRUE(file);
  EXPECT_FALSE(file->next()->has_value());
}

TEST_F(AuditExportTest, IsReadWhereLinesAreLongerThanWhatIsReadAtOnce) {
  const auto large =
      next_record(AuditHead::start(), {kWritten, "x", "", std::string(200'000, 'y')});
  std::string text = export_line(ExportStart{AuditHead::start(), {2, large->hash}});
  text += export_line(*large) + export_line(*large);
  auto file = open(text);
  ASSERT_TRUE(file);
  EXPECT_EQ((**file->next()).event.body.size(), 200'000U);
  EXPECT_EQ((**file->next()).event.body.size(), 200'000U);
  EXPECT_FALSE(file->next()->has_value());
}

TEST_F(AuditExportTest, IsRefusedAtTheLineWhereItIsNone) {
  const std::string start = export_line(ExportStart{AuditHead::start(), AuditHead::start()});
  const std::string checkpoint = export_line(ExportedCheckpoint{"x"});
  const std::string record = export_line(records_[0]);
  expect_refused(record, "line 1");
  expect_refused("\n" + text_, "line 1");
  expect_refused(start + start, "line 2: a second start");
  expect_refused(start + record + checkpoint, "line 3: want a record");
  expect_refused(start + record + "\n", "line 3");
  expect_refused(text_.substr(0, text_.size() - 2), "line 5: ");
  expect_refused(start + record + "{\"seq\":2", "line 3: ");
  EXPECT_NE(problem_of(""), "");
}

TEST_F(AuditExportTest, HasNothingThatNobodyAskedFor) {
  for (const std::string& line : {export_line(ExportStart{AuditHead::start(), AuditHead::start()}),
                                  export_line(ExportedCheckpoint{"x"}), export_line(records_[0])}) {
    const std::string bare = line.substr(0, line.size() - 1);
    EXPECT_TRUE(parse_export_line(bare)) << bare;
    const std::string more = bare.substr(0, bare.size() - 1) + R"(,"more":1})";
    for (const std::string& wrong : {more, bare + "x", bare.substr(1)}) {
      const auto parsed = parse_export_line(wrong);
      ASSERT_FALSE(parsed) << wrong;
      EXPECT_EQ(parsed.error().code, ErrorCode::malformed);
    }
  }
  EXPECT_FALSE(parse_export_line(R"({"schema":"keystone.audit-export/2"})"));
  EXPECT_FALSE(parse_export_line(R"({"seq":1,"checkpoint":"x"})"));
}

}  // namespace
}  // namespace keystone::server::attestd
