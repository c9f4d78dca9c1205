#!/usr/bin/env python3
"""Plants one violation of each rule in a small clean tree and expects exactly that one to be reported."""

import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True  # the checkout may be read-only
import check_structure  # noqa: E402


class CheckStructureTest(unittest.TestCase):

    def setUp(self):
        self._directory = tempfile.TemporaryDirectory()
        self.addCleanup(self._directory.cleanup)
        self.root = pathlib.Path(self._directory.name)
        self.write("core/CMakeLists.txt", "".join(f"add_subdirectory({r})\n" for r in check_structure.ROOMS))
        for room in check_structure.ROOMS:
            self.write(f"core/{room}/README.md", "")
            self.write(f"core/{room}/CMakeLists.txt", f"ridgeline_room({room})\n")
        for folder in ["proto", "server", "client", "deploy", "tests"]:
            self.write(f"{folder}/README.md", "")
        self.write("core/dataset/CMakeLists.txt", "ridgeline_room(dataset SOURCES csr.cc DEPENDS interactions)\n")
        self.write("core/interactions/CMakeLists.txt", "ridgeline_room(interactions DEPENDS base LIBRARIES x)\n")
        self.write("core/dataset/csr.cc", '#include "core/dataset/csr.h"\n#include "core/base/clock.h"\n')
        self.write("tests/core/dataset/csr_test.cc", '#include "core/dataset/csr.h"\n')
        self.write("tests/core/dataset/CMakeLists.txt", "ridgeline_test(t SOURCES csr_test.cc DEPENDS dataset)\n")

    def write(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def expect_only(self, *parts):
        found = check_structure.violations(self.root)
        self.assertEqual(len(found), 1, found)
        for part in parts:
            self.assertIn(part, found[0])

    def test_a_clean_tree_has_no_violations(self):
        self.assertEqual(check_structure.violations(self.root), [])

    def test_a_stray_name_at_the_top_level_is_found(self):
        self.write("utils/helper.py", "")
        self.expect_only("utils", "top level")

    def test_a_dependency_to_the_right_is_found(self):
        self.write("core/model/CMakeLists.txt", "ridgeline_room(model DEPENDS serving)\n")
        self.expect_only("core/model/CMakeLists.txt", "serving")

    def test_a_link_line_to_the_right_is_found(self):
        self.write("core/model/CMakeLists.txt", "target_link_libraries(ridgeline_model PUBLIC ridgeline::als)\n")
        self.expect_only("core/model/CMakeLists.txt", "als")

    def test_an_unknown_room_is_found(self):
        self.write("core/CMakeLists.txt", "add_subdirectory(utils)\n")
        self.expect_only("core/CMakeLists.txt", "utils")

    def test_an_include_of_a_room_not_depended_on_is_found(self):
        self.write("core/dataset/csr.h", '#include <vector>\n#include "core/catalog/item.h"\n')
        self.expect_only("core/dataset/csr.h:2", "core/catalog/item.h")

    def test_a_dependency_named_only_in_a_comment_does_not_count(self):
        self.write("core/dataset/CMakeLists.txt", "ridgeline_room(dataset SOURCES csr.cc)  # DEPENDS base\n")
        self.expect_only("core/dataset/csr.cc:2", "core/base/clock.h")

    def test_each_foreign_header_in_core_is_found(self):
        for header in ["grpcpp/grpcpp.h", "ridgeline/v1/item.pb.h", "google/protobuf/message.h", "x/y.pb.h",
                       "prometheus/registry.h", "civetweb.h", "CivetServer.h", "server/options.h",
                       "client/recommender_client.h", "rocksdb/db.h"]:
            with self.subTest(header=header):
                self.write("core/dataset/csr.h", f"#include <{header}>\n")
                self.expect_only("core/dataset/csr.h:1", header)

    def test_rocksdb_is_allowed_where_it_is_at_home(self):
        self.write("core/interactions/log.h", "#include <rocksdb/db.h>\n")
        self.assertEqual(check_structure.violations(self.root), [])

    def test_core_or_server_headers_in_the_client_are_found(self):
        for header in ["core/base/clock.h", "server/options.h"]:
            with self.subTest(header=header):
                self.write("client/table.h", f'#include "{header}"\n')
                self.expect_only("client/table.h:1", header)

    def test_the_import_commands_may_use_the_readers_and_nothing_else_of_core(self):
        self.write("client/CMakeLists.txt", "ridgeline_room(client_cli SOURCES cli/import.cc)\n")
        self.write("tests/client/CMakeLists.txt", "ridgeline_test(t SOURCES cli/import_test.cc)\n")
        self.write("tests/client/cli/import_test.cc", "")
        self.write("client/cli/import.cc", '#include "core/interactions/interaction_reader.h"\n')
        self.assertEqual(check_structure.violations(self.root), [])
        self.write("client/cli/import.cc", '#include "core/interactions/interaction_log.h"\n')
        self.expect_only("client/cli/import.cc:1", "core/interactions/interaction_log.h")

    def test_a_file_of_more_than_500_lines_is_found(self):
        self.write("core/dataset/csr.h", "\n" * 500)
        self.assertEqual(check_structure.violations(self.root), [])
        self.write("core/dataset/csr.h", "\n" * 501)
        self.expect_only("core/dataset/csr.h", "501 lines")

    def test_a_source_without_its_test_is_found(self):
        self.write("server/CMakeLists.txt", "add_executable(s main.cc metrics.cc)\n")
        self.write("server/main.cc", "")
        self.write("server/metrics.cc", "")
        self.expect_only("server/metrics.cc", "tests/server/metrics_test.cc")

    def test_a_test_left_out_of_the_build_is_found(self):
        self.write("tests/core/dataset/split_test.cc", "")
        self.expect_only("split_test.cc", "never built")
        self.write("tests/core/dataset/CMakeLists.txt", "ridgeline_test(t SOURCES csr_test.cc\n# split_test.cc\n)\n")
        self.expect_only("split_test.cc", "never built")

    def test_a_room_without_a_readme_is_found(self):
        (self.root / "core/als/README.md").unlink()
        self.expect_only("core/als", "README.md")


if __name__ == "__main__":
    unittest.main()
