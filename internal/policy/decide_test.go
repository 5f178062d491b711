package policy

const (
	home  = "123456789012"
	other = "210987654321"
)

var bob = Principal{Kind: User, Account: home, ARN: "arn:aws:iam::" + home + ":user/bob", EntityARN: "arn:aws:iam::" + home + ":user/bob", EntityID: "AIDACKCEVSQ6C2EXAMPLE"}
