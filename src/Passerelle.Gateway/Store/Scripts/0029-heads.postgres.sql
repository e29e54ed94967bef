-- Who wrote (A) and about what (B): a question for those does not fetch every message that says the word anywhere.
CREATE INDEX message_words_heads ON message_words USING gin (ts_filter(words, '{a,b}'));
