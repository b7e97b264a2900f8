import SBOM
import Testing

@Suite struct PackageURLTests {
    // The examples of the package-url specification.
    @Test(arguments: [
        (
            PackageURL(
                type: "golang",
                path: "google.golang.org/genproto",
                version: "v0.1",
                subpath: "googleapis/api/annotations"
            ),
            "pkg:golang/google.golang.org/genproto@v0.1#googleapis/api/annotations"
        ),
        (
            PackageURL(
                type: "deb",
                path: "debian/curl",
                version: "7.50.3-1",
                qualifiers: ["distro": "jessie", "arch": "i386"]
            ),
            "pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie"
        ),
        (
            PackageURL(
                type: "oci",
                path: "debian",
                version: "sha256:244f",
                qualifiers: ["repository_url": "docker.io/library/debian", "tag": ""]
            ),
            "pkg:oci/debian@sha256%3A244f?repository_url=docker.io/library/debian"
        ),
        (PackageURL(type: "generic", path: "a b/ü", version: "1+2"), "pkg:generic/a%20b/%C3%BC@1%2B2"),
    ])
    func isWrittenAsTheSpecificationSays(_ purl: PackageURL, _ text: String) {
        #expect(purl.description == text)
    }
}
