"""What the group and its members do together in the demo: agreements, files, premiums, claims, recoveries, accounts."""
