"""What pages say, in their languages."""
