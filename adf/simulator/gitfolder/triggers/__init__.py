"""What starts the pipelines of a Git folder: schedules, tumbling windows, events, people."""
