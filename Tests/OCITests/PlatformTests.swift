import Foundation
import OCI
import Testing

@Suite struct PlatformTests {
    // containerd, platforms/database.go: the same spellings come to the same platform.
    @Test(arguments: [
        ("linux/amd64", "linux/amd64"),
        ("linux/x86_64", "linux/amd64"),
        ("Linux/X86-64", "linux/amd64"),
        ("linux/amd64/v1", "linux/amd64"),
        ("linux/amd64/v3", "linux/amd64/v3"),
        ("linux/aarch64", "linux/arm64"),
        ("linux/arm64/v8", "linux/arm64"), ("linux/arm64/v8.0", "linux/arm64"), ("linux/arm64/v9.0", "linux/arm64/v9"),
        ("linux/arm64/8", "linux/arm64"),
        ("linux/arm", "linux/arm/v7"),
        ("linux/arm/7", "linux/arm/v7"),
        ("linux/arm/v6", "linux/arm/v6"),
        ("linux/ppc64le/power8", "linux/ppc64le"), ("linux/ppc64el", "linux/ppc64le"),
        ("linux/ppc64le/power9", "linux/ppc64le/power9"),
        ("linux/riscv64/rva20u64", "linux/riscv64"), ("linux/mips64le/hardfloat", "linux/mips64le"),
        ("linux/mips/softfloat", "linux/mips/softfloat"),
        ("linux/armhf", "linux/arm/v7"),
        ("linux/armel", "linux/arm/v6"),
        ("linux/i686", "linux/386"),
        ("linux/riscv64", "linux/riscv64"),
        ("macos/aarch64", "darwin/arm64"),
        ("unknown/unknown", "unknown/unknown"),
    ])
    func spellingsComeToOneForm(text: String, normal: String) throws {
        #expect(try Platform(parsing: text).description == normal)
    }

    @Test(arguments: ["", "linux", "linux/", "/amd64", "linux/arm/v7/x", "linux/a b", "linux/..\u{0}", "li/nux/ä"])
    func anythingElseIsRefused(text: String) {
        #expect(throws: OCIError.self) { try Platform(parsing: text) }
    }

    @Test func descriptorsReadAndWriteTheObject() throws {
        let json = Data(#"{"os":"linux","architecture":"arm64","variant":"v8","os.version":"1"}"#.utf8)
        let platform = try JSONDecoder().decode(Platform.self, from: json)
        #expect(platform.description == "linux/arm64")
        let written = try JSONDecoder().decode([String: String].self, from: JSONEncoder().encode(platform))
        #expect(written == ["os": "linux", "architecture": "arm64"])
    }
}
