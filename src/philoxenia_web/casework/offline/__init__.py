"""Today's cases on a device without network, and how its work comes back."""
