"""Evidence (design 1.5): events, their commitments, the Merkle log and its signed checkpoints. Pure: bytes in, bytes out."""
