#!/usr/bin/python3
"""Every rule of house.py fails on a made-up file that breaks it, and names the line; a good house passes."""
import pathlib
import tempfile
import unittest

import house

CMAKE = """
sockscope_room(net core LINK fmt::fmt)
sockscope_room(trace core LINK net PRIVATE_LINK simdjson::simdjson)
sockscope_room(calls core LINK trace net Threads::Threads)
sockscope_room(ui app LINK net)
sockscope_room(panes app LINK ui trace net calls)
sockscope_room(gui app LINK panes ui)
"""


class House(unittest.TestCase):
    def found(self, path, text):
        """What is said of a house of one more file."""
        with tempfile.TemporaryDirectory() as name:
            source = pathlib.Path(name)
            (source / "CMakeLists.txt").write_text(CMAKE)
            (source / "core/net").mkdir(parents=True)
            (source / "core/net/good.cc").write_text('#include "net/good.h"\n#include <linux/tcp.h>\n')
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_text(text)
            return list(house.check(source))

    def refuses(self, path, line, because):
        found = self.found(path, "\n" + line + "\n")
        self.assertEqual(len(found), 1, f"{line!r} in {path}: {found}")
        self.assertTrue(found[0].startswith(f"{path}:2: "), found[0])
        self.assertIn(because, found[0])

    def accepts(self, path, line):
        self.assertEqual(self.found(path, line + "\n"), [])

    def test_a_good_house(self):
        self.accepts("core/calls/a.cc", '#include "trace/inbox.h"')
        self.accepts("app/panes/a.cc", '#include <imgui.h>\n#include "trace/state.h"')
        self.accepts("app/gui/a.cc", '#include <GLFW/glfw3.h>\n#include "panes/panes.h"')

    def test_arrows(self):
        self.refuses("core/net/a.cc", '#include "trace/event.h"', "net may not include trace")
        self.refuses("core/trace/a.h", '#include "calls/calls.h"', "trace may not include calls")
        self.refuses("core/calls/a.cc", '#include "gui/window.h"', "core never includes app")
        self.refuses("app/panes/a.cc", '#include "calls/calls.h"', "whatever it links")
        self.refuses("app/ui/a.cc", '#include "trace/trace.h"', "ui may not include trace")

    def test_a_room_sees_through_the_rooms_it_links(self):
        self.accepts("app/gui/a.cc", '#include "trace/state.h"')

    def test_producers_do_not_read(self):
        for header in sorted(house.READ_SIDE):
            self.refuses("core/calls/a.cc", f'#include "{header}"', "never reads the trace")

    def test_includes_name_the_room(self):
        self.refuses("core/net/a.cc", '#include "a.h"', "room/file.h")
        self.refuses("core/calls/a.cc", '#include "../net/a.h"', "room/file.h")

    def test_screen_and_imgui_stay_in_their_rooms(self):
        self.refuses("core/net/a.cc", "#include <imgui.h>", "ImGui")
        self.refuses("app/panes/a.cc", "#include <GLFW/glfw3.h>", "app/gui")
        self.refuses("app/ui/a.cc", "#  include <EGL/egl.h>", "app/gui")

    def test_one_door_to_tcp_info(self):
        self.refuses("core/trace/a.cc", "#include <netinet/tcp.h>", "netinet/tcp.h")
        self.refuses("core/trace/a.cc", "#include <linux/tcp.h>", "only one file")

    def test_panes_keep_nothing(self):
        self.refuses("app/panes/a.cc", "  static int hovered = 0;", "goes into View")
        self.refuses("app/panes/a.cc", "static std::string last;", "goes into View")
        self.refuses("app/panes/a.cc", "thread_local int depth;", "goes into View")
        self.accepts("app/panes/a.cc", "static constexpr int kWidth = 3;\nstatic const char* const kNames[] = {};")
        self.refuses("app/panes/a.h", "  static inline int last = 0;", "goes into View")
        self.accepts("app/panes/a.h", "  static void join(Node& node, const Node& later);")
        self.accepts("app/panes/a.cc", "auto x = static_cast<int>(y);  // never static")

    def test_tests_do_not_sleep(self):
        self.refuses("tests/core/net/a_test.cc", "  std::this_thread::sleep_for(1ms);", "deadline")
        self.refuses("tests/core/net/a_test.cc", "  usleep(1000);", "deadline")
        self.accepts("tests/core/net/a_test.cc", '  run("sleep(1)");')

    def test_nothing_is_left_open(self):
        self.refuses("core/net/a.cc", "// TO" "DO: more", "finish it")
        self.refuses("tests/a.py", "# FIX" "ME", "finish it")

    def test_no_path_of_one_machine(self):
        self.refuses("docs/play.md", "see /ho" "me/ada/play.md", "one machine")
        self.refuses("scripts/a", "cd /wo" "rk/main", "one machine")
        self.accepts("docs/play.md", "the network/address room")

    def test_long_files(self):
        found = self.found("core/net/a.cc", "int a;\n" * (house.MOST_LINES + 1))
        self.assertEqual(len(found), 1)
        self.assertIn("which second job", found[0])


if __name__ == "__main__":
    unittest.main()
