// sockscope doctor, as a person runs it.

#include "program.h"

namespace sockscope {
namespace {

class DoctorRunTest : public ProgramTest {};

TEST_F(DoctorRunTest, ATableAndExitZero) {
  const Finished done = sockscope({"doctor"});
  EXPECT_EQ(done.exit, 0);
  EXPECT_EQ(done.err, "");
  for (const char* said : {"AF_INET ", "SEQPACKET", "net.core.somaxconn", "the lab"})
    EXPECT_THAT(done.out, ::testing::HasSubstr(said));
}

TEST_F(DoctorRunTest, JsonIsOneObjectThatPythonReads) {
  const Finished done = sockscope({"doctor", "--json"});
  EXPECT_EQ(done.exit, 0);
  const std::string file = write("doctor.json", done.out);
  const std::string program =
      "import json,sys; d = json.load(open(sys.argv[1])); "
      "print(d['grid'][0]['family'], d['lab'] in ('possible', 'not possible'), len(d['grid']) > 40)";
  EXPECT_EQ(run({python(), "-c", program, file}, {}).out, "AF_INET True True\n");
}

TEST_F(DoctorRunTest, AnotherLanguageIsRefusedInOneLine) {
  EXPECT_EQ(sockscope({"doctor", "--lang", "xx"}).exit, 2);
  EXPECT_THAT(sockscope({"doctor", "--lang", "zh"}).out, ::testing::HasSubstr("实验室"));
}

}  // namespace
}  // namespace sockscope
