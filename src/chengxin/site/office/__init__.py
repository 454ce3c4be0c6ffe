"""The desk of the credit office: what came in, what waits, who may do what."""
