package access

import "regexp"

var sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)

// RoleSessionName is the session name under which a person appears in an
// account: the user name itself where STS allows it (behaviours.md 1.4, 6.3). A
// user name that is longer or has other characters is cut and cleaned, and the
// head of the user id keeps it apart from others that come out alike.
func RoleSessionName(userName, userID string) string {
	if sessionName.MatchString(userName) {
		return userName
	}
	const keep, head = 48, 8
	out := make([]byte, 0, 64)
	for i := 0; i < len(userName) && len(out) < keep; i++ {
		switch b := userName[i]; {
		case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b >= '0' && b <= '9',
			b == '_', b == '+', b == '=', b == ',', b == '.', b == '@', b == '-':
			out = append(out, b)
		case b < 0x80 || b >= 0xC0: // one mark for each character, not for each byte
			out = append(out, '_')
		}
	}
	return string(out) + "-" + userID[:min(head, len(userID))]
}
