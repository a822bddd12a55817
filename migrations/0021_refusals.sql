-- What one account was refused, in order of time.

CREATE INDEX refusals_account ON refusals (county, account, minute, act, word);
