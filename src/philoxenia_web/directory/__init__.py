"""The directory of services: who helps with what, where and when."""
