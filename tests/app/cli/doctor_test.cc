// What doctor prints, from facts of any machine.

#include <gmock/gmock.h>
#include <sys/socket.h>

#include <sstream>

#include "cli/doctor_text.h"
#include "ui/language.h"

namespace sockscope::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string english(const DoctorFacts& facts) {
  return doctor_text(facts, untranslated);
}

void expect_narrow(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(columns_of(line), 100u) << line;
    EXPECT_EQ(line, trimmed(line)) << "blanks at the end";
  }
}

TEST(DoctorTest, ThisMachineIn100ColumnsInBothLanguages) {
  const DoctorFacts facts = gather_facts(SOCKSCOPE_BINARY_DIR "/lab_keeper");
  const std::string text = english(facts);
  expect_narrow(text);
  EXPECT_THAT(text, HasSubstr("AF_NETLINK"));
  const ui::Translator chinese(ui::Language::zh);
  const std::string other = doctor_text(facts, [&](std::string_view t) { return std::string(chinese(t)); });
  expect_narrow(other);
  EXPECT_THAT(other, HasSubstr("这台机器允许什么"));
  EXPECT_THAT(other, Not(HasSubstr("needs a privilege")));
}

TEST(DoctorTest, WhatIsForbiddenComesWithItsRemedy) {
  DoctorFacts facts;
  facts.first_free_port = 1024;
  facts.ping_groups = Range{1, 0};
  facts.userns_clone = 0;
  const std::string text = english(facts);
  EXPECT_THAT(text, HasSubstr("1–1023; bind gives EACCES"));
  EXPECT_THAT(text, HasSubstr("sysctl -w net.ipv4.ip_unprivileged_port_start=80\n"));
  EXPECT_THAT(text, HasSubstr("sysctl -w net.ipv4.ping_group_range=\"0 2147483647\"\n"));
  EXPECT_THAT(text, HasSubstr("forbidden by kernel.unprivileged_userns_clone=0"));
  facts.net_bind_service = true;
  facts.userns_clone = 1;
  facts.user_namespaces = 0;
  EXPECT_THAT(english(facts), HasSubstr("you may bind them"));
  EXPECT_THAT(english(facts), HasSubstr("forbidden by user.max_user_namespaces=0"));
  facts.user_namespaces = 9;
  facts.apparmor_restricts = 1;
  EXPECT_THAT(english(facts), HasSubstr("apparmor_restrict_unprivileged_userns=0\n"));
}

TEST(DoctorTest, WithoutProcNothingIsClaimed) {
  const std::string text = english({});
  EXPECT_THAT(text, HasSubstr("not known"));
  EXPECT_THAT(text, Not(HasSubstr("sysctl -w")));
  EXPECT_THAT(doctor_json({}), HasSubstr("\"somaxconn\":null"));
}

TEST(DoctorTest, CellsWithOneReasonAreOneLine) {
  const Grid grid = {{AF_INET, SOCK_RDM, 0, ESOCKTNOSUPPORT},
                     {AF_INET6, SOCK_RDM, 0, ESOCKTNOSUPPORT},
                     {AF_INET6, SOCK_STREAM, 0, 0},
                     {AF_CAN, SOCK_RAW, 1, EAFNOSUPPORT}};
  const std::string text = grid_text(grid, untranslated);
  EXPECT_THAT(text, HasSubstr("✗ AF_INET (every type); AF_INET6 RDM 0: ESOCKTNOSUPPORT (94)\n"));
  EXPECT_THAT(text, HasSubstr("✗ AF_CAN (every type): EAFNOSUPPORT (97)\n"));
}

TEST(DoctorTest, LinesBreakBetweenWordsAndBetweenChineseCharacters) {
  EXPECT_EQ(wrapped(std::string(99, 'a') + " bb", 0, 2), std::string(99, 'a') + "\n  bb\n");
  EXPECT_EQ(wrapped(std::string(200, 'a'), 1, 2), ' ' + std::string(200, 'a') + '\n');
  std::string chinese;
  for (int i = 0; i < 50; ++i) chinese += "字";
  EXPECT_EQ(wrapped(chinese + "字", 0, 0), chinese + "\n字\n");
  EXPECT_EQ(columns_of("字a✓"), 4u);
  expect_narrow(wrapped("\x80\xe3\xff broken \xc3", 0, 0));
}

TEST(DoctorTest, NumbersOfProcAreReadAndNonsenseIsNot) {
  EXPECT_EQ(number_of("1024\n"), 1024);
  EXPECT_EQ(number_of(""), std::nullopt);
  EXPECT_EQ(number_of("99999999999999999999"), std::nullopt);
  EXPECT_EQ(range_of("32768\t60999\n"), (Range{32768, 60999}));
  EXPECT_EQ(range_of("7"), std::nullopt);
}

}  // namespace
}  // namespace sockscope::cli
