package sigv4

import "testing"

// benchVector is a signed POST with a session token, as the CLI sends it.
func benchVector(b *testing.B, name string) vector {
	for _, vectors := range loadVectors(b) {
		for _, v := range vectors {
			if v.Name == name {
				return v
			}
		}
	}
	b.Fatalf("no vector %q", name)
	return vector{}
}

func benchmarkVerify(b *testing.B, name string, derive func(v *vector, s *Signature) SigningKey) {
	v := benchVector(b, name)
	r := v.request()
	body := HashPayload([]byte(v.Body))
	b.ReportAllocs()
	for b.Loop() {
		s, err := Parse(r)
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Verify(derive(&v, s), body); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerify measures Parse and Verify for the header and the presigned
// form. The body's hash is not in it: it grows with the body.
func BenchmarkVerify(b *testing.B) {
	for _, name := range []string{"sts post", "sts post with token", "sdk headers", "presigned with token"} {
		b.Run(name+"/cached", func(b *testing.B) {
			keys := NewKeyCache(1024)
			secret := []byte(benchVector(b, name).Secret)
			benchmarkVerify(b, name, func(_ *vector, s *Signature) SigningKey {
				return keys.Derive(secret, s.Date, s.Region, s.Service)
			})
		})
		b.Run(name+"/derived", func(b *testing.B) {
			benchmarkVerify(b, name, func(v *vector, s *Signature) SigningKey {
				return DeriveKey([]byte(v.Secret), s.Date, s.Region, s.Service)
			})
		})
	}
}

func BenchmarkParse(b *testing.B) {
	v := benchVector(b, "sts post")
	r := v.request()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkKeyCacheParallel(b *testing.B) {
	keys := NewKeyCache(1024)
	secret := []byte("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			keys.Derive(secret, "20260102", "us-east-1", "sts")
		}
	})
}
