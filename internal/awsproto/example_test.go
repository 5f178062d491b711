package awsproto_test

import (
	"fmt"
	"net/http"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"sekisho/internal/awsproto"
)

// The way of one Query request through a front door, without its locks.
func Example() {
	req := &awsproto.Request{Method: http.MethodPost, Body: []byte("Action=GetCallerIdentity&Version=2011-06-15")}
	form, err := req.Form()
	if err != nil {
		panic(err)
	}
	api := awsproto.ServiceByVersion(form.Get("Version"))
	op, ok := api.Operation(form.Get("Action"))
	if !ok {
		panic(api.Refuse(awsproto.UnknownOperation, ""))
	}
	codec, err := op.Bind(reflect.TypeFor[sts.GetCallerIdentityInput](), reflect.TypeFor[sts.GetCallerIdentityOutput]())
	if err != nil {
		panic(err)
	}
	in := codec.NewInput()
	if err := codec.Decode(req, in); err != nil {
		panic(err)
	}
	if violations := codec.Validate(in); violations != nil {
		panic(api.RefuseInput(violations))
	}
	answer, err := codec.Encode(&sts.GetCallerIdentityOutput{Account: aws.String("111122223333")}, "request-1")
	if err != nil {
		panic(err)
	}
	defer answer.Release()
	fmt.Println(answer.Status, string(answer.Body))
	// Output: 200 <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>request-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>
}
