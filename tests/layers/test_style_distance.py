"""Distances of textures: a kernel's maximum mean discrepancy, by its definition."""

import pytest
import torch

from onpu.layers.style import KERNELS, StyleTarget, gram

X = torch.tensor([[1.0, 0.0, 2.0], [0.0, 1.0, 1.0]])
Y = torch.tensor([[0.0, 1.0], [2.0, 1.0]])


def test_a_gram_matrix_is_the_mean_of_outer_products():
    expected = sum(torch.outer(X[:, t], X[:, t]) for t in range(3)) / 3
    torch.testing.assert_close(gram(X), expected)


@pytest.mark.parametrize(("kernel", "k"), [("polynomial", lambda a, b: (a @ b) ** 2), ("linear", lambda a, b: a @ b)])
def test_the_distance_is_the_discrepancy_of_the_kernel(kernel, k):
    def mean(first, second):
        return torch.stack([k(a, b) for a in first.T for b in second.T]).mean()

    expected = (mean(X, X) + mean(Y, Y) - 2 * mean(X, Y)) / mean(Y, Y)
    torch.testing.assert_close(StyleTarget(Y, kernel).distance(X), expected)


def test_the_gaussian_discrepancy_by_hand():
    target = StyleTarget(torch.tensor([[0.0, 2.0]]), "gaussian")  # mean of squared distances: 2
    near, far = torch.exp(torch.tensor(-1.0)), torch.tensor(1.0)
    own = (2 * far + 2 * near) / 4
    torch.testing.assert_close(target.distance(torch.tensor([[0.0]])), far + own - 2 * (far + near) / 2)


@pytest.mark.parametrize("kernel", KERNELS)
def test_order_in_time_is_no_part_of_a_style_and_the_gradient_leads_to_it(kernel):
    torch.manual_seed(0)
    wanted = torch.randn(4, 64)
    target = StyleTarget(wanted, kernel)
    assert abs(float(target.distance(wanted.flip(1)))) < 1e-4
    x = torch.randn(4, 64).mul(3).requires_grad_()
    before = target.distance(x)
    before.backward()
    assert torch.isfinite(x.grad).all() and float(target.distance(x.detach() - 1e-2 * x.grad)) < float(before)


def test_the_gradient_is_that_of_the_differences():
    x = torch.randn(3, 5, dtype=torch.float64, requires_grad=True)
    for kernel in KERNELS:
        target = StyleTarget(torch.randn(3, 7, dtype=torch.float64), kernel)
        assert torch.autograd.gradcheck(target.distance, (x,))


def test_an_unknown_kernel_is_refused():
    with pytest.raises(ValueError, match="polynomial, linear, gaussian, not 'cubic'"):
        StyleTarget(X, "cubic")
