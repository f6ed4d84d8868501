"""What a hostile server, a curious person or a stolen log cannot do."""
