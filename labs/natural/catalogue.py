"""Which function draws which picture."""

from __future__ import annotations

from collections.abc import Callable

from labs.natural import aloft, animals, buildings, food, land, outside, pets, plants, things, vehicles, views
from labs.natural.noise import Array

DRAWN: dict[str, Callable[[int], Array]] = {
    function.__name__.replace("_", "-"): function
    for function in (
        land.sunset, land.mountains, views.forest, land.dunes, views.moon, views.skyline, land.road, views.lightning,
        food.apple, food.banana, food.orange, food.doughnut, food.cup, things.wine_glass,
        things.chair, things.lamp, things.clock, things.book, outside.traffic_light, outside.umbrella, outside.soccer_ball,
        plants.sunflower, plants.rose, plants.mushroom, plants.pumpkin, plants.cactus,
        pets.cat, pets.dog, pets.robin, pets.penguin, animals.butterfly, animals.goldfish, animals.ladybird, animals.duck,
        vehicles.car, vehicles.bicycle, vehicles.train, aloft.aeroplane, aloft.sailing_boat, aloft.balloon,
        buildings.house, buildings.lighthouse,
    )
}  # fmt: skip
