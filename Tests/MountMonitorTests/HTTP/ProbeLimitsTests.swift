import Testing

@testable import MountMonitor

@Suite struct ProbeLimitsTests {
    @Test(
        "connections leave each mount a file",
        arguments: [(1_048_576, 50, 512), (1024, 50, 512), (256, 50, 174), (40, 2, 6), (40, 50, 1), (Int.max, 0, 512)]
    )
    func connections(openFiles: Int, mounts: Int, connections: Int) {
        #expect(ProbeLimits(openFiles: openFiles, mounts: mounts).connections == connections)
    }
}
