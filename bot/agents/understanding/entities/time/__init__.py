"""One grammar of time: words and numbers become points, operators make ranges of them."""
