package notify

import (
	"net/mail"
	"strings"
	"testing"
)

// Mail about accounts comes from the addresses that AWS tells people to expect: the
// newest of the three generations that are known (N-04; N-05 and N-06 are the older
// ones), and any of them can be set by the operator, for one kind at a time (N-09).
func TestSendersOfAccountMail(t *testing.T) {
	t.Parallel()
	older := []string{`"Amazon Web Services" <no-reply@aws.amazon.com>`, "no-reply@amazon.com"} // N-05, N-06
	for _, k := range []Kind{AccountVerification, AccountNotice, RootSignInCode, RootPasswordReset, SupportReply} {
		from, err := mail.ParseAddress(Senders(nil).From(k))
		if err != nil || !strings.HasSuffix(from.Address, "@signin.aws") && !strings.HasSuffix(from.Address, "@verify.signin.aws") {
			t.Errorf("%s comes from %v (%v)", k, from, err)
		}
		for _, want := range older {
			set := Senders{k: want}
			if err := set.Validate(); err != nil || set.From(k) != want {
				t.Errorf("%s set to %s comes from %s (%v)", k, want, set.From(k), err)
			}
			if got := set.From(OneTimePassword); got != FromIdentityCenter {
				t.Errorf("setting %s changed other mail's sender to %s", k, got)
			}
		}
	}
}
