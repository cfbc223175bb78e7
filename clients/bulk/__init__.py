"""What can be done to many clients at once from their list, one file a deed."""
