import ImageTransport
import Testing

@Suite struct ImageLocationTests {
    @Test(arguments: [
        ("docker-archive:a/b.tar", ImageLocation.dockerArchive(path: "a/b.tar", reference: nil)),
        ("docker-archive:b.tar:repo/x:1.2", .dockerArchive(path: "b.tar", reference: "repo/x:1.2")),
        ("docker-archive:-", .dockerArchive(path: "-", reference: nil)),
        ("oci:///srv/dir", .layout(path: "///srv/dir", tag: nil)),
        ("oci:dir:v1", .layout(path: "dir", tag: "v1")),
        ("oci-archive:f.tar", .layoutArchive(path: "f.tar", tag: nil)),
        ("docker-daemon:repo:tag", .dockerDaemon(reference: "repo:tag")),
        ("docker://reg:5000/a@sha256:0", .registry(reference: "reg:5000/a@sha256:0")),
        ("dir:x:y", .directory(path: "x:y")),
        ("rootfs:/", .rootFileSystem(path: "/")),
        ("containers-storage:localhost/a:1", .containersStorage(reference: "localhost/a:1")),
        ("localhost:5000/a:1", .store(reference: "localhost:5000/a:1")),
        ("docker-container:abc", .container(id: "abc")),
        ("mount-monitor", .store(reference: "mount-monitor")),
        ("mount-monitor:1.2.3", .store(reference: "mount-monitor:1.2.3")),
    ])
    func readsTheTransportsPeopleKnow(text: String, location: ImageLocation) throws {
        #expect(try ImageLocation(parsing: text) == location)
        #expect(location.description == text)
    }

    @Test(arguments: [
        "registry.example/x.tar:1", "localhost/docker-archver:1", "docker.tar.example/x:1", "dirs:1", "ocr:1",
        "a/oci:1",
        "tool@1.oci", "x.targets:1", "docket:1", "rootfs2:1",
    ])
    func takesNamesThatOnlyResembleFilesAndTransports(text: String) throws {
        #expect(try ImageLocation(parsing: text) == .store(reference: text))
    }

    @Test(arguments: [
        "out.oci", "out.zip", "out.tar", "out.tgz", "out.tar.zst", "out.tar.xz", "out.tar:1", "sub/out.tar:1", "./x",
        "registry.example/x.tar",
    ])
    func saysHowFilesAreNamed(text: String) throws {
        let error = #expect(throws: TransportError.self) { try ImageLocation(parsing: text) }
        #expect(error?.description.contains("oci-archive:\(text)") == true)
    }

    @Test(arguments: [
        ("ociarchive:x", "oci-archive"), ("oci-archve:x.tar", "oci-archive"), ("docker-archve:x", "docker-archive"),
        ("docker-dameon:x", "docker-daemon"), ("container-storage:x", "containers-storage"),
    ])
    func saysWhichTransportIsMeant(text: String, transport: String) throws {
        let error = #expect(throws: TransportError.self) { try ImageLocation(parsing: text) }
        #expect(error?.description.contains("did you mean \(transport)?") == true)
    }

    @Test(arguments: ["oci:-", "oci:-:1", "dir:-", "rootfs:-"])
    func takesNoStreamForADirectory(text: String) throws {
        let error = #expect(throws: TransportError.self) { try ImageLocation(parsing: text) }
        #expect(error?.description.contains("oci-archive:-") == true)
    }

    @Test(arguments: [
        "docker-archive:", "oci::tag", "docker-daemon:", "docker:name", "dir:", "rootfs:", "containers-storage:",
    ])
    func refusesOnesWithoutWhatTheyNeed(text: String) {
        #expect(throws: TransportError.self) { try ImageLocation(parsing: text) }
    }

    @Test(arguments: ["https://registry.example/a", "file:/image.tar", "tarball:/a:1"])
    func namesTheTransportsForAnUnknownOne(text: String) throws {
        let error = #expect(throws: TransportError.self) { try ImageLocation(parsing: text) }
        #expect(error?.description.contains("containers-storage") == true)
    }
}
