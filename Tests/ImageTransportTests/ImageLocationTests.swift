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
