"""Tests mirror rules/ and bot/; corpora, benches and the quality table live here too."""
