"""The API, /api/v1: the same actions and the same gate as the desks, for programs."""
