#!/usr/bin/env python3
"""compose.yaml parses, keeps the container confined, and Prometheus scrapes the port that the server listens on."""

import pathlib
import sys
import unittest

try:
    import yaml
except ImportError:
    print("skipped: python3-yaml is not installed")
    sys.exit(77)

DEPLOY = pathlib.Path(__file__).parents[2] / "deploy"


class ComposeTest(unittest.TestCase):

    def setUp(self):
        self.compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
        self.server = self.compose["services"]["ridgeline"]
        self.prometheus = self.compose["services"]["prometheus"]

    def test_the_server_runs_confined(self):
        self.assertTrue(self.server["read_only"])
        self.assertEqual(self.server["cap_drop"], ["ALL"])
        self.assertIn("no-new-privileges:true", self.server["security_opt"])

    def test_ports_are_published_on_loopback_only(self):
        for service in self.compose["services"].values():
            for port in service["ports"]:
                self.assertTrue(port.startswith("127.0.0.1:"), port)

    def test_every_volume_and_mounted_file_exists(self):
        for service in self.compose["services"].values():
            for volume in service["volumes"]:
                source = volume.split(":")[0]
                known = (DEPLOY / source).exists() if source.startswith(".") else source in self.compose["volumes"]
                self.assertTrue(known, volume)

    def test_the_build_context_holds_the_dockerfile(self):
        context = DEPLOY / self.server["build"]["context"]
        self.assertTrue((context / self.server["build"]["dockerfile"]).exists())

    def test_prometheus_scrapes_the_http_port_of_the_server(self):
        scrape = yaml.safe_load((DEPLOY / "prometheus.yml").read_text())["scrape_configs"][0]
        target = scrape["static_configs"][0]["targets"][0]
        self.assertIn("ridgeline", self.compose["services"])
        self.assertEqual(target, "ridgeline:8080")
        self.assertIn(f"RIDGELINE_HTTP_ADDRESS=0.0.0.0:{target.split(':')[1]}", (DEPLOY / "Dockerfile").read_text())


if __name__ == "__main__":
    unittest.main()
