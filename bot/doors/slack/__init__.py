"""Slack: what arrives there becomes a submission, and the answer goes into its thread."""
