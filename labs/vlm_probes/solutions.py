"""Right ways to write the code task, in many styles: the first is the reference, and the checker must accept all of them."""

from __future__ import annotations

N = "from statistics import NormalDist\n"
M = "import math\n"
HEAD = "def dprime(hits, misses, false_alarms, correct_rejections):\n"

DPRIME = [
    N
    + """

def dprime(hits, misses, false_alarms, correct_rejections):
    z = NormalDist().inv_cdf
    there, absent = hits + misses, false_alarms + correct_rejections
    hit = (hits + 0.5) / (there + 1)
    alarm = (false_alarms + 0.5) / (absent + 1)
    return z(hit) - z(alarm), -(z(hit) + z(alarm)) / 2
""",
    "import statistics\n"
    + HEAD
    + """    normal = statistics.NormalDist(mu=0.0, sigma=1.0)
    rates = [(a + 0.5) / (a + b + 1) for a, b in ((hits, misses), (false_alarms, correct_rejections))]
    zh, zf = map(normal.inv_cdf, rates)
    return zh - zf, -0.5 * (zh + zf)
""",
    N
    + """
def rate(yes, no):
    return (yes + 0.5) / (yes + no + 1)

"""
    + HEAD
    + """    first = NormalDist().inv_cdf(rate(hits, misses))
    second = NormalDist().inv_cdf(rate(false_alarms, correct_rejections))
    return (first - second, (-first - second) / 2)
""",
    N
    + HEAD
    + """    z = lambda yes, no: NormalDist().inv_cdf((yes + 0.5) / (yes + no + 1.0))
    a, b = z(hits, misses), z(false_alarms, correct_rejections)
    return [a - b, (a + b) / -2]
""",
    M
    + """
def z(p):
    low, high = -9.0, 9.0
    for _ in range(200):
        middle = (low + high) / 2
        if 0.5 * (1 + math.erf(middle / math.sqrt(2))) < p:
            low = middle
        else:
            high = middle
    return (low + high) / 2

"""
    + HEAD
    + """    zh = z((hits + 0.5) / (hits + misses + 1))
    zf = z((false_alarms + 0.5) / (false_alarms + correct_rejections + 1))
    return zh - zf, -(zh + zf) / 2
""",
    M
    + """
def z(p):
    # Newton's method on the normal distribution function
    x = 0.0
    for _ in range(100):
        cdf = 0.5 * math.erfc(-x / math.sqrt(2))
        pdf = math.exp(-x * x / 2) / math.sqrt(2 * math.pi)
        x -= max(-0.5, min(0.5, (cdf - p) / pdf))
    return x

"""
    + HEAD
    + """    zh = z((2 * hits + 1) / (2 * (hits + misses) + 2))
    zf = z((2 * false_alarms + 1) / (2 * (false_alarms + correct_rejections) + 2))
    return zh - zf, -(zh + zf) / 2
""",
    N
    + HEAD
    + """    signal, noise = hits + misses + 1, false_alarms + correct_rejections + 1
    z = NormalDist().inv_cdf
    miss = z((misses + 0.5) / signal)      # z(1 - p) = -z(p)
    rejection = z((correct_rejections + 0.5) / noise)
    return rejection - miss, (miss + rejection) / 2
""",
    N
    + """
class Table:
    def __init__(self, yes, no):
        self.yes, self.no = yes + 0.5, no + 0.5

    def z(self):
        return NormalDist().inv_cdf(self.yes / (self.yes + self.no))

"""
    + HEAD
    + """    signal, noise = Table(hits, misses), Table(false_alarms, correct_rejections)
    return signal.z() - noise.z(), -(signal.z() + noise.z()) / 2
""",
    M
    + """
A = (-3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02,
     -3.066479806614716e+01, 2.506628277459239e+00)
B = (-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01, -1.328068155288572e+01)
C = (-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00,
     4.374664141464968e+00, 2.938163982698783e+00)
D = (7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00)

def poly(numbers, x):
    total = 0.0
    for number in numbers:
        total = total * x + number
    return total

def z(p):
    # Acklam's rational approximation
    if p > 0.5:
        return -z(1 - p)
    if p < 0.02425:
        q = math.sqrt(-2 * math.log(p))
        return poly(C, q) / (poly(D, q) * q + 1)
    q = p - 0.5
    return q * poly(A, q * q) / (poly(B, q * q) * q * q + 1)

"""
    + HEAD
    + """    zh = z((hits + 0.5) / (hits + misses + 1))
    zf = z((false_alarms + 0.5) / (false_alarms + correct_rejections + 1))
    return zh - zf, -(zh + zf) / 2
""",
    N
    + HEAD
    + """    counts = {"signal": (hits, misses), "noise": (false_alarms, correct_rejections)}
    found = {}
    for kind, (yes, no) in counts.items():
        found[kind] = NormalDist().inv_cdf((yes + 0.5) / (yes + no + 1))
    d = found["signal"] - found["noise"]
    return d, -(found["noise"] + d / 2)
""",
    N
    + HEAD
    + """    shifted = NormalDist(5, 2)  # any normal distribution will do, once its scale is taken out
    zs = [(shifted.inv_cdf((yes + 0.5) / (yes + no + 1)) - 5) / 2 for yes, no in [(hits, misses), (false_alarms, correct_rejections)]]
    return zs[0] - zs[1], -sum(zs) / len(zs)
""",
]

ALL = {"q11": DPRIME}
