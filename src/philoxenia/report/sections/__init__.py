"""What a report says, section by section: findings in, document out. Each file is one question."""
