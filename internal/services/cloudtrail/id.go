package cloudtrail

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// The trail's ids are 32 digits of lower-case hex; CloudTrail's are the same with
// hyphens, in the form of a UUID.

// wireID puts the hyphens in. What is no id of the trail stays.
func wireID(id string) string {
	if len(id) != 32 {
		return id
	}
	return id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:]
}

// storedID takes the hyphens out; "" if it cannot be an id.
func storedID(said string) string {
	id := strings.ToLower(strings.ReplaceAll(said, "-", ""))
	if _, err := hex.DecodeString(id); err != nil || len(id) != 32 {
		return ""
	}
	return id
}

// digest is a short fingerprint.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:8])
}
