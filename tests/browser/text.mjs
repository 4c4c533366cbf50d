// What is pasted. All of it has a word that is nowhere else, by which it is looked for in addresses and logs.

export const WORD = "zwielquark";

// One clause, of several sentences.
export const CLAUSE = `We keep your personal information for as long as your ${WORD} account is open and for as long afterwards as \
we need it to provide the service. When you delete your account we erase or anonymise what we hold within ninety days, \
except for what the law requires us to retain. Backups are overwritten after a further thirty days.`;

// One sentence, too long to be a query and of one line.
export const SENTENCE = `Any dispute that arises out of these ${WORD} terms will be settled by final and binding arbitration before a \
single arbitrator, and you waive your right to a jury trial and to take part in a class action.`;

// A document of four clauses that have comparables, and one that nobody else has.
export const DOCUMENT = `Terms of Service of ${WORD}

1. Arbitration

Any dispute arising out of these terms will be resolved by final and binding arbitration. You waive your right to a \
jury trial and to take part in a class action against us.

2. Limitation of liability

To the fullest extent permitted by law, our total liability to you for all claims is limited to the amount that you paid \
us in the twelve months before the claim. We are not liable for lost profits or other indirect or consequential damages.

3. Changes to these terms

We may change these terms at any time by posting a new version. If you continue to use the service after the new terms \
take effect, you accept them.

4. Training of models

We may use the content that you post, your messages and your photographs to train machine learning models, ours and those \
of our partners. You can object in the settings of your account.

5. Tea

Members of the ${WORD} choir bring gooseberry tart on the second Tuesday after the harvest moon.
`;
