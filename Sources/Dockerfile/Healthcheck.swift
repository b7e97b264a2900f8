/// How an engine sees whether the container is well (Docker image specification 1.3, `Healthcheck`).
package struct Healthcheck: Equatable, Sendable {
    /// `NONE`, or `CMD` and a program with its arguments, or `CMD-SHELL` and a line.
    package let test: [String]
    /// Time between two checks in nanoseconds; 0 is the engine's default, here and below.
    package var interval: Int64 = 0
    /// Time after which a check has failed.
    package var timeout: Int64 = 0
    /// Time at the start in which failures don't count.
    package var startPeriod: Int64 = 0
    /// Time between two checks in the start period.
    package var startInterval: Int64 = 0
    /// Failures in a row after which the container is unwell.
    package var retries = 0
}
