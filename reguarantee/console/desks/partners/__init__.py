"""The register of partner institutions: members and banks, their files, life and stops."""
