"""The demo programme: fictional people, a day in June 2026 on which all of its sessions are still to come."""
