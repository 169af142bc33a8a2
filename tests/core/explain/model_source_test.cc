#include "explain/model_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace sockscope {
namespace {

using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

std::vector<Call> calls_in(const std::vector<SourceLine>& lines) {
  std::vector<Call> all;
  for (const SourceLine& line : lines) all.insert(all.end(), line.calls.begin(), line.calls.end());
  return all;
}

struct Model {
  const char* name;
  bool datagrams;
  std::vector<Call> calls;
};

std::vector<Model> models_there_are() {
  return {{"iterative", false, {Call::accept, Call::recv, Call::sendall, Call::shutdown, Call::close}},
          {"thread", false, {Call::accept, Call::recv, Call::sendall, Call::shutdown, Call::close}},
          {"fork", false, {Call::accept, Call::recv, Call::sendall, Call::shutdown, Call::close}},
          {"pool", false, {Call::accept, Call::recv, Call::sendall, Call::shutdown, Call::close}},
          {"prethread", false, {Call::accept, Call::recv, Call::sendall, Call::shutdown, Call::close}},
          {"select", false, {Call::select, Call::accept, Call::recv, Call::send, Call::close}},
          {"poll", false, {Call::poll, Call::accept, Call::recv, Call::send, Call::close}},
          {"epoll",
           false,
           {Call::epoll_wait, Call::epoll_ctl, Call::accept, Call::recv, Call::send, Call::close}},
          {"epoll-edge",
           false,
           {Call::epoll_wait, Call::epoll_ctl, Call::accept, Call::recv, Call::send, Call::close}},
          {"iterative", true, {Call::recvfrom, Call::sendto}},
          {"thread", true, {Call::recvfrom, Call::sendto}}};
}

TEST(ModelSource, EveryModelHasItsFunctionsAndALineForEachCallItsThreadsWaitIn) {
  for (const Model& model : models_there_are()) {
    const std::vector<SourceLine> lines = model_source(model.name, model.datagrams);
    EXPECT_GT(lines.size(), 20u) << model.name;
    EXPECT_LT(lines.size(), 160u) << model.name << ": short enough to show";
    EXPECT_THAT(calls_in(lines), IsSupersetOf(model.calls)) << model.name;
    ASSERT_FALSE(lines.empty());
    EXPECT_FALSE(lines[0].file.empty()) << model.name;
    for (const SourceLine& line : lines) {
      if (line.file.empty()) continue;
      EXPECT_THAT(std::string(line.text), HasSubstr("(")) << model.name;
    }
  }
}

TEST(ModelSource, ACallHasOneLine) {
  for (const Model& model : models_there_are()) {
    std::vector<Call> calls = calls_in(model_source(model.name, model.datagrams));
    std::sort(calls.begin(), calls.end());
    EXPECT_EQ(std::adjacent_find(calls.begin(), calls.end()), calls.end()) << model.name;
  }
}

TEST(ModelSource, ItIsTheFileAsItIsWritten) {
  for (const Model& model : models_there_are()) {
    std::string file;
    for (const SourceLine& line : model_source(model.name, model.datagrams)) {
      if (!line.file.empty()) {
        std::stringstream text;
        text << std::ifstream(std::string(SOCKSCOPE_SOURCE_DIR) + "/" + std::string(line.file)).rdbuf();
        file = text.str();
      }
      EXPECT_THAT(file, HasSubstr(std::string(line.text))) << model.name;
    }
  }
}

TEST(ModelSource, AnUnknownModelHasNone) {
  EXPECT_TRUE(model_source("carousel", false).empty());
}

}  // namespace
}  // namespace sockscope
