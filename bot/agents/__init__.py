"""Who answers free text. One interface; the offline agent needs no language model."""
