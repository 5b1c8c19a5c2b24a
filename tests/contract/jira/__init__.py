"""Our Jira client before jira820, an independent server of Jira Data Center's REST v2."""
