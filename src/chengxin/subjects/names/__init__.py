"""What a name is made of, how it sounds, what it is looked up by, and how well a name fits what somebody typed."""
